import { int, text } from '../../prisma/codec.ts';
import { sql, type Sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';

/*
 * At every commit as much is on order as waiting orders lack. Inventory and warehouse keep this rule together:
 * all that makes an order wait for more, and all that closes a purchase order, calls `orderUncovered` last in its
 * transaction, under the lock of the title's stock row.
 */

/** The pieces of each title that its open purchase orders have still to bring. `titles` returns `isbn`. */
const onOrderOf = (titles: Sql): Sql => sql`
  SELECT isbn, sum(greatest(quantity - booked, 0))::int AS pieces
  FROM warehouse.purchase_order AS placed, LATERAL (
    SELECT coalesce(sum(delivery.quantity), 0) AS booked FROM inventory.booked_delivery AS delivery
    WHERE delivery.purchase_order_id = placed.purchase_order_id) AS delivered
  WHERE state <> 'closed' AND isbn IN (${titles}) GROUP BY isbn`;

/**
 * Levels (a list in JSON) as the fact tells them: with what is on order and the reorder point, where the title has a
 * rule. A listener of the fact need not ask.
 */
export const toldLevels = (levels: Sql): Sql => sql`(
  SELECT jsonb_agg(level || coalesce(supply.told, '{}') ORDER BY position)
  FROM jsonb_array_elements(${levels}) WITH ORDINALITY AS given(level, position) LEFT JOIN LATERAL (
    SELECT jsonb_build_object('onOrder', coalesce(under_way.pieces, 0), 'reorderPoint', rule.reorder_point) AS told
    FROM warehouse.reorder_rule AS rule LEFT JOIN LATERAL (${onOrderOf(sql`rule.isbn`)}) AS under_way ON true
    WHERE rule.isbn = level->>'isbn') AS supply ON true)`;

/**
 * The titles of which waiting orders lack more than their open purchase orders have still to bring, with the
 * difference, and the order that has waited longest. `titles` is a query that returns `isbn`. No row is the rule kept.
 */
const uncoveredOf = (titles: Sql): Sql => sql`
  SELECT isbn, lacked.pieces - coalesce(under_way.pieces, 0) AS pieces, under_way.pieces IS NOT NULL AS "isOrdered", lacked.order_id
  FROM (
    SELECT isbn, sum(wanted - put_aside)::int AS pieces, (array_agg(order_id ORDER BY place, order_id))[1] AS order_id
    FROM inventory.waiting WHERE put_aside < wanted AND isbn IN (${titles}) GROUP BY isbn
  ) AS lacked LEFT JOIN (${onOrderOf(titles)}) AS under_way USING (isbn)
  WHERE lacked.pieces > coalesce(under_way.pieces, 0)`;

/** The titles for which the rule is broken. */
export const uncovered = statement(
  'warehouse.uncovered',
  { isbn: text, pieces: int },
  () => sql`SELECT isbn, pieces FROM (${uncoveredOf(sql`SELECT isbn FROM inventory.waiting`)}) AS title ORDER BY isbn`,
);

/**
 * Writes an intent for the difference of each title, also beside an open purchase order. One that stands alone is for
 * the reorder quantity at least.
 */
export const orderUncovered = statement(
  'warehouse.order-uncovered',
  {},
  (requestId: string, titles: Sql) => sql`
  INSERT INTO warehouse.purchase_order (purchase_order_id, request_id, order_id, isbn, quantity, state, for_waiting)
  SELECT 'po-' || left(replace(gen_random_uuid()::text, '-', ''), 20), ${requestId}, order_id, isbn,
    CASE WHEN "isOrdered" THEN pieces ELSE greatest(pieces, reorder_quantity) END, 'intended', true
  FROM (${uncoveredOf(titles)}) AS title LEFT JOIN warehouse.reorder_rule USING (isbn)`,
);

/**
 * Locks the stock rows of titles in ISBN order. A title without a row gets an empty one, so that an order and a
 * delivery of the title meet at the same lock.
 */
export const lockStock = statement(
  'inventory.lock-stock',
  {},
  (titles: Sql) => sql`
    INSERT INTO inventory.stock AS stock (isbn, on_hand) SELECT isbn, 0 FROM (${titles}) AS title ORDER BY isbn
    ON CONFLICT (isbn) DO UPDATE SET on_hand = stock.on_hand`,
);
