import type { PaymentRefunded, RefundReturn, WentBack } from '../../contracts/payment.ts';
import type { Database } from '../../prisma/database.ts';
import { int, jsonb, nullable } from '../../prisma/codec.ts';
import { insertAnswer, outcomeOf, readAnswer, stored, type Outcome } from '../../prisma/outcome.ts';
import { sql } from '../../prisma/sql.ts';
import { statement, type RowFrom } from '../../prisma/statement.ts';

const schema = 'payment';

/**
 * The total refund of one charge, in minor units. A repeat of it refunds once, even when the gateway has forgotten its
 * keys.
 */
export interface PlannedRefund {
  readonly chargeId: string;
  readonly refunded: number;
  /** This refund's part of the total. */
  readonly part: number;
}

/** The parts that a return's refund gives back, and the money that had gone back already and counts for it. */
export interface RefundPlan {
  readonly parts: readonly PlannedRefund[];
  readonly already: readonly WentBack[];
}

/** The begin of a return's refund. `busy`: another one of the order is not settled yet. */
export type RefundBegin =
  | { readonly standing: 'known'; readonly outcome: Outcome<PaymentRefunded> }
  | { readonly standing: 'begun'; readonly plan: RefundPlan | null }
  | { readonly standing: 'busy' };

/** Refunds of returns: an intent first, then the plan by the gateway's books, then the answer. */
export type ReturnRefunds = ReturnType<typeof createReturnRefunds>;

export const createReturnRefunds = (database: Database) => ({
  /** Writes the intent, the only open one of its order, before the gateway is asked for the amounts that are left. */
  async begin(command: RefundReturn): Promise<RefundBegin> {
    const known = stored(await readAnswer<PaymentRefunded>(database, schema, command.requestId));
    if (known) return { standing: 'known', outcome: known };
    const [intended] = await database.run(intendRefund(command));
    const row = intended ?? (await database.run(refundIntent(command)))[0];
    return row ? { standing: 'begun', plan: row.plan } : { standing: 'busy' };
  },
  /** Writes the plan, and returns the one that counts: the first. */
  async plan({ requestId }: RefundReturn, plan: RefundPlan): Promise<RefundPlan> {
    const [row] = await database.run(keepPlan(requestId, plan));
    return row?.plan ?? plan;
  },
  /** The standing of the order's money before this return. */
  async standing(command: RefundReturn): Promise<RefundStanding> {
    const [row] = await database.run(standingBefore(command));
    return row ?? { paid: 0, refunded: 0, counted: 0 };
  },
  /** Writes the answer, and closes the intent: one statement. */
  settle: (command: RefundReturn, answer: PaymentRefunded) =>
    outcomeOf(database, { schema, requestId: command.requestId, query: settleRefund(command, answer) }),
});

/** Returns no row when the order has an open refund, this one or another, or when this one was settled meanwhile. */
export const intendRefund = statement(
  'payment.intend-return-refund',
  { plan: nullable(jsonb<RefundPlan>()) },
  ({ requestId, orderId, amount }: RefundReturn) => sql`
  INSERT INTO payment.return_refund (request_id, order_id, amount, currency)
  VALUES (${requestId}, ${orderId}, ${amount.amount}::bigint, ${amount.currency})
  ON CONFLICT DO NOTHING RETURNING plan`,
);

export const refundIntent = statement(
  'payment.return-refund-intent',
  { plan: nullable(jsonb<RefundPlan>()) },
  ({ requestId }: RefundReturn) => sql`SELECT plan FROM payment.return_refund WHERE request_id = ${requestId}`,
);

export const keepPlan = statement(
  'payment.keep-plan',
  { plan: jsonb<RefundPlan>() },
  (requestId: string, plan: RefundPlan) => sql`
  UPDATE payment.return_refund SET plan = coalesce(plan, ${JSON.stringify(plan)}::jsonb)
  WHERE request_id = ${requestId} RETURNING plan`,
);

/** In minor units. The last round that was answered had brought what was charged to `paid`, by the gateway's books. */
export const standingBefore = statement(
  'payment.standing-before-return',
  {
    paid: int,
    /** Given back by other returns of the order. */
    refunded: int,
    /** Of what went back without us, so much was counted by them. */
    counted: int,
  },
  ({ requestId, orderId }: RefundReturn) => sql`
  SELECT coalesce((SELECT (answer->'amount'->>'amount')::int
      FROM payment.guard, generate_series(1, guard.round) AS asked(number) JOIN payment.answer ON request_id = ${orderId}::text || '/apply-payment/' || number
      WHERE guard.order_id = ${orderId} AND answer.answer IS NOT NULL ORDER BY number DESC LIMIT 1), 0) AS paid,
    coalesce(sum((SELECT sum((part->>'part')::int) FROM jsonb_array_elements(plan->'parts') AS part)), 0)::int AS refunded,
    coalesce(sum((SELECT sum((went->'amount'->>'amount')::int) FROM jsonb_array_elements(plan->'already') AS went)), 0)::int AS counted
  FROM payment.return_refund WHERE order_id = ${orderId} AND request_id <> ${requestId}`,
);

export type RefundStanding = RowFrom<typeof standingBefore>;

export const settleRefund = statement(
  'payment.settle-return-refund',
  { answer: jsonb<PaymentRefunded>() },
  (command: RefundReturn, answer: PaymentRefunded) => sql`
  WITH settled AS (
    UPDATE payment.return_refund SET settled_at = now() WHERE request_id = ${command.requestId} AND settled_at IS NULL
  )
  ${insertAnswer(schema, 'refund-return', command, answer)}`,
);
