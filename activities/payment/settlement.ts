import type { DenialReason } from '../../contracts/failures.ts';
import type { Money } from '../../contracts/money.ts';
import type { ApplyPayment, PaymentApplied } from '../../contracts/payment.ts';
import { lockRound, refusalColumn, roundColumns, type Refusal } from '../../prisma/outcome.ts';
import { sql, type Sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import { bigintText, nullable } from '../../prisma/codec.ts';

/** The result of a round: its charge (null when no charge was needed), or the issuer's denial. */
export type ChargeResult =
  | { readonly charged: { readonly chargeId: string; readonly amount: Money } | null }
  | { readonly denied: DenialReason; readonly amount: Money };

function settlement(command: ApplyPayment, result: ChargeResult): Sql {
  const { orderId, amount: total } = command;
  if ('denied' in result) {
    const { denied: reason, amount } = result;
    const refusal: Refusal = { type: 'PaymentDenied', details: { reason, amount } };
    const row = settledAs(command, { state: 'denied', chargeId: null, amount });
    return storing(command, { refusal }, row, fact(command, 'payment-denied', { orderId, reason, amount }));
  }
  if (!result.charged)
    return storing(command, { answer: { chargeId: null, amount: total } }, noCharge(command), noFact);
  const { chargeId, amount } = result.charged;
  const row = settledAs(command, { state: 'applied', chargeId, amount });
  const told = fact(command, 'payment-applied', { orderId, chargeId, amount });
  return storing(command, { answer: { chargeId, amount: total } }, row, told);
}

/** Settles a round: its answer or refusal, its intent, and its fact, unless nothing was charged. */
export const settleRound = statement(
  'payment.settle-round',
  { ...roundColumns<PaymentApplied>(), refusal: refusalColumn },
  settlement,
);

/**
 * Stores the answer or refusal, unless a compensation or a later round came first. `row` and `told` take effect only
 * when it is stored.
 */
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

/**
 * A round without a charge leaves no row of `charge`; nor does an attempt that began again while another one settled
 * the round.
 */
const noCharge = ({ requestId }: ApplyPayment): Sql => sql`
  DELETE FROM payment.charge USING guard
  WHERE charge.request_id = ${requestId} AND charge.state = 'intended' AND NOT guard.undone AND NOT guard.superseded
  RETURNING charge.request_id`;

const fact = (
  { requestId, orderId }: ApplyPayment,
  name: 'payment-applied' | 'payment-denied',
  body: object,
): Sql => sql`
  SELECT outbox.record_fact('orders', ${name}, ${orderId}, ${JSON.stringify(body)}::jsonb, ${requestId}) AS sequence FROM settled`;

const noFact = sql`SELECT NULL::bigint AS sequence`;

/** The money that went back to the card of one charge, by the gateway's books. */
export interface GivenBack {
  /** The request id of the `apply-payment` that charged. */
  readonly requestId: string;
  readonly chargeId: string;
  /** The amount charged, in minor units. */
  readonly amount: number;
  /** In minor units, over all refunds of this charge. */
  readonly refunded: number;
}

/**
 * A settled charge of which a part is left stays `applied`; every other becomes `returned`. A charge that was not
 * reported before gets its `payment-applied` first.
 */
export const recordGivenBack = statement(
  'payment.record-given-back',
  { applied: nullable(bigintText), sequence: bigintText },
  (orderId: string, { requestId, chargeId, amount, refunded }: GivenBack) => sql`
  WITH before AS (
    SELECT * FROM payment.charge WHERE request_id = ${requestId} AND refunded_amount < ${refunded}::bigint FOR UPDATE
  ), changed AS (
    UPDATE payment.charge AS c
    SET state = CASE WHEN before.state = 'applied' AND ${refunded}::bigint < ${amount}::bigint THEN 'applied' ELSE 'returned' END,
      charge_id = ${chargeId}, amount = ${amount}::bigint, refunded_amount = ${refunded}::bigint,
      settled_at = coalesce(c.settled_at, now())
    FROM before WHERE c.request_id = before.request_id
    RETURNING before.state AS state, c.amount, c.currency, c.refunded_amount - before.refunded_amount AS back
  ), told AS MATERIALIZED (
    SELECT changed.*, CASE WHEN state IN ('intended', 'denied') THEN outbox.record_fact('orders', 'payment-applied', ${orderId},
      jsonb_build_object('orderId', ${orderId}::text, 'chargeId', ${chargeId}::text,
        'amount', jsonb_build_object('amount', amount, 'currency', currency)), ${requestId}) END AS applied
    FROM changed
  )
  SELECT applied, outbox.record_fact('orders', 'payment-refunded', ${orderId}, jsonb_build_object('orderId', ${orderId}::text,
    'amount', jsonb_build_object('amount', back, 'currency', currency))) AS sequence
  FROM told`,
);
