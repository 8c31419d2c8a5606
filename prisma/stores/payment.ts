import type { DenialReason } from '../../contracts/failures.ts';
import type { Money } from '../../contracts/money.ts';
import type { ApplyPayment, PaymentApplied, PaymentRefunded, RefundPayment } from '../../contracts/payment.ts';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { leaveTombstone, lockGuard, outcomeOf, stored, type Outcome, type Refusal } from './outcome.ts';

const schema = 'payment';

/** How a charge begins: whether the card may be charged, and whether it may have been charged already. */
type ChargeBegin =
  | { readonly standing: 'new' | 'intended-before' | 'undone' }
  | { readonly standing: 'known'; readonly outcome: Outcome<PaymentApplied> };

/** What the gateway said to a charge. */
export type ChargeResult = { readonly chargeId: string } | { readonly denied: DenialReason };

/** What went back to the card for one charge, as the gateway's books say. */
interface GivenBack {
  /** The request id of the `apply-payment` that charged. */
  readonly requestId: string;
  readonly chargeId: string;
  /** In minor units, over all refunds of this charge. */
  readonly refunded: number;
}

/** Intents, charges and refunds. The gateway is never called inside a statement. */
export interface PaymentStore {
  /** Writes the intent before the gateway is asked: one statement. */
  begin(command: ApplyPayment): Promise<ChargeBegin>;
  /** Writes what the gateway said, with answer and fact: one statement. `AlreadyUndone` when an undo came in between: then the charge has to be given back. */
  settle(command: ApplyPayment, result: ChargeResult): Promise<Outcome<PaymentApplied>>;
  /** Leaves the tombstone. From now on no charge of the order settles. */
  undo(orderId: string): Promise<void>;
  /** Writes that money went back; a charge nobody had heard of is told first, so that facts balance. Does nothing the second time. */
  returned(orderId: string, back: GivenBack): Promise<void>;
  /** Stores the answer of a refund. */
  refunded(command: RefundPayment, refunded: Money | null): Promise<Outcome<PaymentRefunded>>;
}

export const createPaymentStore = (database: Database): PaymentStore => ({
  async begin(command) {
    const [row] = await database.prisma.$queryRaw<BeginRow[]>(intent(command));
    const outcome = stored(row);
    if (outcome) return { standing: 'known', outcome };
    if (row?.undone) return { standing: 'undone' };
    return { standing: row?.intended ? 'new' : 'intended-before' };
  },
  settle: (command, result) =>
    outcomeOf(database, { schema, requestId: command.requestId, statement: settlement(command, result) }),
  undo: (orderId) => leaveTombstone(database, schema, orderId),
  async returned(orderId, back) {
    const rows = await database.prisma.$queryRaw(giveBack(orderId, back));
    if (Array.isArray(rows) && rows.length > 0) database.wakeRelay();
  },
  refunded: (command, refunded) =>
    outcomeOf(database, { schema, requestId: command.requestId, statement: refundAnswer(command, { refunded }) }),
});

interface BeginRow {
  readonly undone: boolean;
  readonly intended: boolean;
  readonly answer: PaymentApplied | null;
  readonly refusal: Refusal | null;
}

const intent = ({ requestId, orderId, amount }: ApplyPayment): Prisma.Sql => Prisma.sql`
  WITH guard AS (${lockGuard(schema, orderId)}), intended AS (
    INSERT INTO payment.charge (request_id, order_id, amount, currency, state)
    SELECT ${requestId}, ${orderId}, ${amount.amount}::bigint, ${amount.currency}, 'intended' FROM guard WHERE NOT guard.undone
    ON CONFLICT DO NOTHING RETURNING request_id
  )
  SELECT guard.undone, EXISTS (SELECT FROM intended) AS intended, known.answer, known.refusal
  FROM guard LEFT JOIN payment.answer AS known ON known.request_id = ${requestId}`;

const settlement = ({ requestId, orderId, amount }: ApplyPayment, result: ChargeResult): Prisma.Sql => {
  const charged = 'chargeId' in result;
  const answer = charged ? JSON.stringify({ chargeId: result.chargeId, amount }) : null;
  const refusal = charged ? null : denial(result.denied, amount);
  const fact = charged ? { orderId, chargeId: result.chargeId, amount } : { orderId, reason: result.denied, amount };
  return Prisma.sql`
    WITH guard AS (${lockGuard(schema, orderId)}), stored AS (
      INSERT INTO payment.answer (request_id, order_id, command, answer, refusal)
      SELECT ${requestId}, ${orderId}, 'apply-payment', ${answer}::jsonb, ${refusal}::jsonb FROM guard WHERE NOT guard.undone
      ON CONFLICT DO NOTHING RETURNING answer, refusal
    ), settled AS (
      UPDATE payment.charge SET state = ${charged ? 'applied' : 'denied'}, charge_id = ${charged ? result.chargeId : null}, settled_at = now()
      FROM stored WHERE charge.request_id = ${requestId}
      RETURNING charge.request_id
    ), fact AS (
      SELECT outbox.record_fact('orders', ${charged ? 'payment-applied' : 'payment-denied'}, ${orderId},
        ${JSON.stringify(fact)}::jsonb) AS sequence
      FROM settled
    )
    SELECT guard.undone, stored.answer, stored.refusal, fact.sequence::text
    FROM guard LEFT JOIN stored ON true LEFT JOIN fact ON true`;
};

const denial = (reason: DenialReason, amount: Money): string =>
  JSON.stringify({ type: 'PaymentDenied', details: { reason, amount } } satisfies Refusal);

const giveBack = (orderId: string, { requestId, chargeId, refunded }: GivenBack): Prisma.Sql => Prisma.sql`
  WITH before AS (
    SELECT * FROM payment.charge WHERE request_id = ${requestId} AND refunded_amount < ${refunded}::bigint FOR UPDATE
  ), changed AS (
    UPDATE payment.charge AS c SET state = 'returned', charge_id = ${chargeId}, refunded_amount = ${refunded}::bigint,
      settled_at = coalesce(c.settled_at, now())
    FROM before WHERE c.request_id = before.request_id
    RETURNING before.state AS state, c.amount, c.currency, c.refunded_amount - before.refunded_amount AS back
  ), told AS MATERIALIZED (
    SELECT changed.*, CASE WHEN state = 'intended' THEN outbox.record_fact('orders', 'payment-applied', ${orderId},
      jsonb_build_object('orderId', ${orderId}::text, 'chargeId', ${chargeId}::text,
        'amount', jsonb_build_object('amount', amount, 'currency', currency))) END AS applied
    FROM changed
  )
  SELECT applied::text, outbox.record_fact('orders', 'payment-refunded', ${orderId}, jsonb_build_object('orderId', ${orderId}::text,
    'amount', jsonb_build_object('amount', back, 'currency', currency)))::text AS sequence
  FROM told`;

const refundAnswer = ({ requestId, orderId }: RefundPayment, answer: PaymentRefunded): Prisma.Sql => Prisma.sql`
  WITH stored AS (
    INSERT INTO payment.answer (request_id, order_id, command, answer)
    VALUES (${requestId}, ${orderId}, 'refund-payment', ${JSON.stringify(answer)}::jsonb)
    ON CONFLICT DO NOTHING RETURNING answer
  )
  SELECT false AS undone, stored.answer, NULL::jsonb AS refusal, NULL AS sequence FROM stored`;
