import type { OrderLine } from '../../contracts/place-order.ts';
import { text } from '../../prisma/codec.ts';
import { sql, type Sql } from '../../prisma/sql.ts';
import { statement, type Query } from '../../prisma/statement.ts';
import { lockStock } from '../kit/on-order.ts';

/**
 * Every title that a change of an order may touch: its lines, the titles it has taken, and those it waits for. A query
 * that returns `isbn`.
 */
export const titlesOf = (orderId: string, lines: readonly OrderLine[] = []): Sql => sql`
  SELECT unnest(${lines.map((line) => line.isbn)}::text[]) AS isbn
  UNION SELECT isbn FROM inventory.taken WHERE order_id = ${orderId} AND released_at IS NULL
  UNION SELECT isbn FROM inventory.waiting WHERE order_id = ${orderId}`;

/**
 * Locks every row that may change when pieces of these titles become free. First come the stock rows. No waiting row of
 * a title is made, changed or removed without the lock of its stock row. Then come all rows of the orders that wait for
 * the titles, in order of their keys: two deliveries that complete one order see each other, and the later one finds it
 * ready.
 */
export const lockTitles = (titles: Sql): readonly Query<unknown>[] => [lockStock(titles), lockWaiting(titles)];

export const lockWaiting = statement(
  'inventory.lock-waiting',
  { order_id: text },
  (titles: Sql) => sql`
    SELECT order_id FROM inventory.waiting
    WHERE order_id IN (SELECT order_id FROM inventory.waiting WHERE isbn IN (${titles}))
    ORDER BY order_id, isbn FOR UPDATE`,
);

/**
 * Expressions that hand out the pieces that a statement has made free: `free` (isbn, pieces) must stand before them,
 * with every free piece of the titles. Waiting orders get them, the oldest first, also partly; the rest is on hand.
 * Leaves `left_over` (isbn, on_hand), and `ready` (orders): the orders that have all their pieces now. An order that is
 * itself changing its place on the list (`orderId`) gets none.
 */
export const handOut = (orderId: string | null): Sql => sql`
  line_of_waiting AS (
    SELECT order_id, isbn, place, workflow_id, wanted - put_aside AS missing, free.pieces,
      sum(wanted - put_aside) OVER (PARTITION BY isbn ORDER BY place, order_id) - (wanted - put_aside) AS before
    FROM inventory.waiting JOIN free USING (isbn)
    WHERE order_id IS DISTINCT FROM ${orderId}::text AND put_aside < wanted
  ), given AS (
    SELECT order_id, isbn, place, workflow_id, least(missing, pieces - before)::int AS pieces
    FROM line_of_waiting WHERE pieces > before
  ), put_aside AS (
    UPDATE inventory.waiting SET put_aside = waiting.put_aside + given.pieces
    FROM given WHERE waiting.order_id = given.order_id AND waiting.isbn = given.isbn
  ), left_over AS (
    SELECT free.isbn, (free.pieces - coalesce(sum(given.pieces), 0))::int AS on_hand
    FROM free LEFT JOIN given USING (isbn) GROUP BY free.isbn, free.pieces
  ), shelved AS (
    UPDATE inventory.stock SET on_hand = left_over.on_hand FROM left_over WHERE stock.isbn = left_over.isbn
  ), ready AS (
    SELECT coalesce(jsonb_agg(jsonb_build_object('orderId', order_id, 'workflowId', workflow_id) ORDER BY place, order_id), '[]') AS orders
    FROM (SELECT DISTINCT order_id, workflow_id, place FROM given) AS served
    WHERE NOT EXISTS (
      SELECT FROM inventory.waiting AS entry LEFT JOIN given USING (order_id, isbn)
      WHERE entry.order_id = served.order_id AND entry.put_aside + coalesce(given.pieces, 0) < entry.wanted)
  )`;
