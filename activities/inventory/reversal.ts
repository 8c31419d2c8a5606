import type { ReleaseInventory } from '../../contracts/inventory.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { handOut, titlesOf } from './waiting-list.ts';

/** Puts back what the order took or was put aside for it, and hands it out to those that wait. Runs under the locks of the order's titles. */
export const reversal = ({ requestId, orderId }: ReleaseInventory): Prisma.Sql => Prisma.sql`
  WITH due AS (
    SELECT true AS due WHERE NOT EXISTS (SELECT FROM inventory.answer WHERE request_id = ${requestId})
  ), taken_back AS (
    UPDATE inventory.taken SET released_at = now() FROM due WHERE order_id = ${orderId} AND released_at IS NULL
    RETURNING isbn, quantity
  ), off_the_list AS (
    DELETE FROM inventory.waiting USING due WHERE order_id = ${orderId} RETURNING isbn, put_aside
  ), free AS (
    SELECT isbn, on_hand + coalesce(taken_back.quantity, 0) + coalesce(off_the_list.put_aside, 0) AS pieces
    FROM due, (${titlesOf(orderId)}) AS own JOIN inventory.stock USING (isbn)
      LEFT JOIN taken_back USING (isbn) LEFT JOIN off_the_list USING (isbn)
  ), ${handOut(orderId)}, summed AS (
    SELECT coalesce(jsonb_agg(jsonb_build_object('isbn', isbn, 'quantity', quantity) ORDER BY isbn), '[]') AS lines FROM taken_back
  ), stored AS (
    INSERT INTO inventory.answer (request_id, order_id, command, answer)
    SELECT ${requestId}, ${orderId}, 'release-inventory', jsonb_build_object('released', lines, 'ready', ready.orders)
    FROM due, summed, ready
    ON CONFLICT DO NOTHING RETURNING answer
  ), fact AS (
    SELECT outbox.record_fact('orders', 'inventory-released', ${orderId}, jsonb_build_object('orderId', ${orderId}::text,
      'lines', stored.answer->'released')) AS sequence
    FROM stored WHERE EXISTS (SELECT FROM taken_back)
  )
  SELECT false AS undone, stored.answer, NULL::jsonb AS refusal, fact.sequence::text
  FROM stored LEFT JOIN fact ON true`;
