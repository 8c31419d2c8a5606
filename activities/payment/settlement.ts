import type { DenialReason } from '../../contracts/failures.ts';
import type { Money } from '../../contracts/money.ts';
import type { ApplyPayment, PaymentApplied } from '../../contracts/payment.ts';
import { lockRound, refusalColumn, roundColumns, type Refusal } from '../../prisma/outcome.ts';
import { sql, type Sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';

/** What came of a round: what it charged (null when nothing had to be charged), or what the issuer said no to. */
export type ChargeResult =
  | { readonly charged: { readonly chargeId: string; readonly amount: Money } | null }
  | { readonly denied: DenialReason; readonly amount: Money };

function settlement(command: ApplyPayment, result: ChargeResult): Sql {
  const { orderId, amount: total } = command;
  if ('denied' in result) {
    const { denied: reason, amount } = result;
    const refusal: Refusal = { type: 'PaymentDenied', details: { reason, amount } };
    const row = settledAs(command, { state: 'denied', chargeId: null, amount });
    return storing(command, { refusal }, row, fact(orderId, 'payment-denied', { orderId, reason, amount }));
  }
  if (!result.charged)
    return storing(command, { answer: { chargeId: null, amount: total } }, noCharge(command), noFact);
  const { chargeId, amount } = result.charged;
  const row = settledAs(command, { state: 'applied', chargeId, amount });
  const told = fact(orderId, 'payment-applied', { orderId, chargeId, amount });
  return storing(command, { answer: { chargeId, amount: total } }, row, told);
}

/** Settles a round: answer or refusal, what becomes of the intent, and the fact, unless nothing was charged. */
export const settleRound = statement(
  'payment.settle-round',
  { ...roundColumns<PaymentApplied>(), refusal: refusalColumn },
  settlement,
);

/** Stores what is answered, unless a compensation or a later round came first; `row` and `told` depend on its being stored. */
const storing = (
  { requestId, orderId, round }: ApplyPayment,
  said: { readonly answer?: PaymentApplied; readonly refusal?: Refusal },
  row: Sql,
  told: Sql,
): Sql => sql`
  WITH guard AS (${lockRound('payment', orderId, round)}), stored AS (
    INSERT INTO payment.answer (request_id, order_id, command, answer, refusal)
    SELECT ${requestId}, ${orderId}, 'apply-payment', ${jsonOf(said.answer)}::jsonb, ${jsonOf(said.refusal)}::jsonb
    FROM guard WHERE NOT guard.undone AND NOT guard.superseded
    ON CONFLICT DO NOTHING RETURNING answer, refusal
  ), settled AS (${row}), fact AS (${told})
  SELECT guard.undone, guard.superseded, stored.answer, stored.refusal, fact.sequence
  FROM guard LEFT JOIN stored ON true LEFT JOIN fact ON true`;

const jsonOf = (value: object | undefined): string | null => (value ? JSON.stringify(value) : null);

interface SettledRow {
  readonly state: 'applied' | 'denied';
  readonly chargeId: string | null;
  readonly amount: Money;
}

const settledAs = ({ requestId }: ApplyPayment, { state, chargeId, amount }: SettledRow): Sql => sql`
  UPDATE payment.charge SET state = ${state}, charge_id = ${chargeId}, amount = ${amount.amount}::bigint, settled_at = now()
  FROM stored WHERE charge.request_id = ${requestId} RETURNING charge.request_id`;

/** A round that charged nothing leaves no charge behind; nor does an attempt that began again while another one settled it. */
const noCharge = ({ requestId }: ApplyPayment): Sql => sql`
  DELETE FROM payment.charge USING guard
  WHERE charge.request_id = ${requestId} AND charge.state = 'intended' AND NOT guard.undone AND NOT guard.superseded
  RETURNING charge.request_id`;

const fact = (orderId: string, name: 'payment-applied' | 'payment-denied', body: object): Sql => sql`
  SELECT outbox.record_fact('orders', ${name}, ${orderId}, ${JSON.stringify(body)}::jsonb) AS sequence FROM settled`;

const noFact = sql`SELECT NULL::bigint AS sequence`;
