import type {
  InventoryReleased,
  ReadyOrder,
  ReceiveStock,
  ReleaseInventory,
  RestockReturn,
  StockReturned,
} from '../../contracts/inventory.ts';
import { bigintText, int, jsonb } from '../../prisma/codec.ts';
import { storedColumns } from '../../prisma/outcome.ts';
import { sql, type Sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import { handOut, titlesOf } from './waiting-list.ts';

/**
 * Puts back the pieces that the order took or that were put aside for it, and hands them out to waiting orders. Runs
 * under the locks of the order's titles.
 */
export const releaseInventory = statement(
  'inventory.release-inventory',
  storedColumns<InventoryReleased>(),
  ({ requestId, orderId }: ReleaseInventory) => sql`
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
      'lines', stored.answer->'released'), ${requestId}) AS sequence
    FROM stored WHERE EXISTS (SELECT FROM taken_back)
  )
  SELECT stored.answer, fact.sequence
  FROM stored LEFT JOIN fact ON true`,
);

/** The titles that come back. A query that returns `isbn`. */
export const titlesBack = ({ lines }: RestockReturn): Sql => sql`
  SELECT unnest(${lines.map(({ isbn }) => isbn)}::text[]) AS isbn`;

/**
 * Puts returned pieces on the shelf and hands them out to waiting orders. Runs under the locks of the titles; does
 * nothing the second time.
 */
export const restockReturn = statement(
  'inventory.restock-return',
  storedColumns<StockReturned>(),
  ({ requestId, orderId, lines }: RestockReturn) => sql`
  WITH back AS (
    SELECT line->>'isbn' AS isbn, (line->>'quantity')::int AS quantity FROM jsonb_array_elements(${JSON.stringify(lines)}::jsonb) AS line
    WHERE NOT EXISTS (SELECT FROM inventory.answer WHERE request_id = ${requestId})
  ), noted AS (
    UPDATE inventory.taken SET restocked = restocked + back.quantity FROM back WHERE order_id = ${orderId} AND taken.isbn = back.isbn AND released_at IS NULL
    RETURNING taken.isbn, back.quantity
  ), free AS (
    SELECT isbn, on_hand + noted.quantity AS pieces FROM noted JOIN inventory.stock USING (isbn)
  ), ${handOut(orderId)}, stored AS (
    INSERT INTO inventory.answer (request_id, order_id, command, answer)
    SELECT ${requestId}, ${orderId}, 'restock-return', jsonb_build_object('ready', ready.orders) FROM ready
    WHERE NOT EXISTS (SELECT FROM inventory.answer WHERE request_id = ${requestId})
    ON CONFLICT DO NOTHING RETURNING answer
  ), fact AS (
    SELECT outbox.record_fact('orders', 'inventory-restocked', ${orderId}, jsonb_build_object('orderId', ${orderId}::text,
      'lines', ${JSON.stringify(lines)}::jsonb), ${requestId}) AS sequence
    FROM stored
  )
  SELECT stored.answer, fact.sequence
  FROM stored LEFT JOIN fact ON true`,
);

/**
 * Books a delivery and hands it out to the orders that wait for the title. Runs under the locks of the title; returns
 * no row the second time.
 */
export const receiveStock = statement(
  'inventory.receive-stock',
  { onHand: int, ready: jsonb<readonly ReadyOrder[]>(), sequence: bigintText },
  ({ requestId, purchaseOrderId, isbn, quantity }: ReceiveStock) => sql`
  WITH free AS (
    SELECT isbn, on_hand + ${quantity}::int AS pieces FROM inventory.stock
    WHERE isbn = ${isbn} AND NOT EXISTS (SELECT FROM inventory.booked_delivery WHERE request_id = ${requestId})
  ), ${handOut(null)}, booked AS (
    INSERT INTO inventory.booked_delivery (request_id, purchase_order_id, isbn, quantity, on_hand, ready)
    SELECT ${requestId}, ${purchaseOrderId}, isbn, ${quantity}::int, on_hand, ready.orders FROM left_over, ready
    RETURNING on_hand, ready
  ), fact AS (
    SELECT outbox.record_fact('stock', 'stock-replenished', ${isbn}, jsonb_build_object('isbn', ${isbn}::text,
      'purchaseOrderId', ${purchaseOrderId}::text, 'quantity', ${quantity}::int, 'onHand', booked.on_hand),
      ${requestId}) AS sequence
    FROM booked
  )
  SELECT booked.on_hand AS "onHand", booked.ready, fact.sequence FROM booked, fact`,
);

/** The booking of a delivery that came before. */
export const bookedDelivery = statement(
  'inventory.booked-delivery',
  { onHand: int, ready: jsonb<readonly ReadyOrder[]>() },
  (requestId: string) => sql`
  SELECT on_hand AS "onHand", ready FROM inventory.booked_delivery WHERE request_id = ${requestId}`,
);
