import { text } from '../../prisma/codec.ts';
import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';

/**
 * The order of a request as soon as step 1 is committed, which its mediator tells later when it is in the compact lane.
 */
export const placedOrder = statement(
  'app.placed-order',
  { orderId: text },
  (requestId: string, bodyHash: string) => sql`
  SELECT order_id AS "orderId" FROM mediator_store.flow JOIN order_placement.placed_order USING (order_id)
  WHERE request_id = ${requestId} AND body_hash = ${bodyHash}`,
);

/**
 * Has an order in the compact lane give up its workflow task before its next step, so that it hears what is sent. Of
 * other orders it writes no row.
 */
export const interruptOrder = statement(
  'app.interrupt-order',
  {},
  (orderId: string) => sql`
  UPDATE mediator_store.flow SET interrupted_at = now()
  WHERE order_id = ${orderId} AND finished_at IS NULL AND policy->>'lane' = 'compact'`,
);
