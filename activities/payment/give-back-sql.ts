import { bigintText, nullable } from '../../prisma/codec.ts';
import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';

/** What went back to the card of one charge, as the gateway's books say. */
export interface GivenBack {
  /** The request id of the `apply-payment` that charged. */
  readonly requestId: string;
  readonly chargeId: string;
  /** What was charged, in minor units. */
  readonly amount: number;
  /** In minor units, over all refunds of this charge. */
  readonly refunded: number;
}

/** A settled charge of which something is left stays `applied`; every other is `returned`, one that nobody had heard of after its `payment-applied`. */
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
        'amount', jsonb_build_object('amount', amount, 'currency', currency))) END AS applied
    FROM changed
  )
  SELECT applied, outbox.record_fact('orders', 'payment-refunded', ${orderId}, jsonb_build_object('orderId', ${orderId}::text,
    'amount', jsonb_build_object('amount', back, 'currency', currency))) AS sequence
  FROM told`,
);
