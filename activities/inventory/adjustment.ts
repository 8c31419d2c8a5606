import type { AdjustInventory, InventoryUpdated } from '../../contracts/inventory.ts';
import { bool } from '../../prisma/codec.ts';
import { lockRound, refusalColumn, roundColumns } from '../../prisma/outcome.ts';
import { sql, type Sql } from '../../prisma/sql.ts';
import { statement, type Query } from '../../prisma/statement.ts';
import { toldLevels } from '../kit/on-order.ts';
import { handOut, lockTitles, titlesOf } from './waiting-list.ts';

export const lockOrder = statement(
  'inventory.lock-order',
  { undone: bool, superseded: bool },
  ({ orderId, round }: AdjustInventory) => lockRound('inventory', orderId, round),
);

/** The locks of an adjustment: the order's guard row, then its titles, old and new. */
export const adjustmentLocks = (command: AdjustInventory): readonly Query<unknown>[] => [
  lockOrder(command),
  ...lockTitles(titlesOf(command.orderId, command.lines)),
];

/**
 * Makes the taken pieces of the order equal to its lines. It uses the pieces that the order has taken, those that are
 * put aside for it, and those that are free. When they do not suffice, no taken piece changes, and with `orWait` the
 * order gets rows on the waiting list: one for each title of which it lacks more than is free, or for which pieces are
 * put aside. `wanted` is the quantity that it lacks beyond the taken one; put aside are the earlier pieces and the free
 * ones, up to that quantity. In both cases pieces that the order does not need any more are handed out to other orders.
 * Runs under `adjustmentLocks`.
 */
export const adjustUnderLocks = statement(
  'inventory.adjust-under-locks',
  { ...roundColumns<InventoryUpdated>(), refusal: refusalColumn },
  (command: AdjustInventory) => sql`
  WITH ${situation(command)}, settled AS (
    SELECT title.*, CASE WHEN short IS NULL THEN wanted ELSE taken END AS keeps,
      CASE WHEN short IS NOT NULL AND (aside > 0 OR wanted - taken > on_hand) THEN greatest(wanted - taken, 0) ELSE 0 END AS awaits
    FROM title, verdict WHERE short IS NULL OR ${command.orWait}::boolean
  ), free AS (
    SELECT isbn, on_hand + aside + taken - keeps - least(awaits, on_hand + aside) AS pieces FROM settled
  ), ${handOut(command.orderId)}, ${changes(command)}, ${answering(command)}
  SELECT guard.undone, guard.superseded, stored.answer, stored.refusal, fact.sequence
  FROM guard LEFT JOIN stored ON true LEFT JOIN fact ON true`,
);

/**
 * The pieces of every title of the order, and the titles that are short. No rows when the command must not take effect
 * (any more).
 */
const situation = ({ requestId, orderId, round, lines }: AdjustInventory): Sql => sql`
  guard AS (
    SELECT undone, round > ${round}::int AS superseded FROM inventory.guard WHERE order_id = ${orderId}
  ), due AS (
    SELECT true AS due FROM guard
    WHERE NOT undone AND NOT superseded AND NOT EXISTS (SELECT FROM inventory.answer WHERE request_id = ${requestId})
  ), line AS (
    SELECT given.line->>'isbn' AS isbn, (given.line->>'quantity')::int AS quantity, given.position
    FROM jsonb_array_elements(${JSON.stringify(lines)}::jsonb) WITH ORDINALITY AS given(line, position)
  ), title AS (
    SELECT isbn, position, on_hand, coalesce(line.quantity, 0) AS wanted,
      coalesce((SELECT quantity FROM inventory.taken WHERE order_id = ${orderId} AND taken.isbn = stock.isbn AND released_at IS NULL), 0) AS taken,
      coalesce((SELECT put_aside FROM inventory.waiting WHERE order_id = ${orderId} AND waiting.isbn = stock.isbn), 0) AS aside
    FROM (${titlesOf(orderId, lines)}) AS own JOIN inventory.stock USING (isbn) LEFT JOIN line USING (isbn), due
  ), verdict AS (
    SELECT jsonb_agg(jsonb_build_object('isbn', isbn, 'wanted', wanted, 'onHand', on_hand + aside + taken) ORDER BY position)
      FILTER (WHERE wanted > on_hand + aside + taken) AS short
    FROM title
  )`;

/** The changes to the order's own rows; an order that waits already keeps its place. */
const changes = ({ orderId, workflowId }: AdjustInventory): Sql => sql`
  put_back AS (
    DELETE FROM inventory.taken WHERE order_id = ${orderId} AND isbn IN (SELECT isbn FROM settled WHERE keeps = 0)
  ), kept AS (
    INSERT INTO inventory.taken (order_id, isbn, quantity) SELECT ${orderId}, isbn, keeps FROM settled WHERE keeps > 0
    ON CONFLICT (order_id, isbn) DO UPDATE SET quantity = excluded.quantity
  ), served AS (
    DELETE FROM inventory.waiting WHERE order_id = ${orderId} AND isbn IN (SELECT isbn FROM settled WHERE awaits = 0)
  ), its_place AS (
    SELECT coalesce(min(place), nextval('inventory.waiting_place')) AS place FROM inventory.waiting WHERE order_id = ${orderId}
  ), listed AS (
    INSERT INTO inventory.waiting (order_id, isbn, wanted, put_aside, place, workflow_id)
    SELECT ${orderId}, isbn, awaits, least(awaits, on_hand + aside), place, ${workflowId} FROM settled, its_place WHERE awaits > 0
    ON CONFLICT (order_id, isbn) DO UPDATE
    SET wanted = excluded.wanted, put_aside = excluded.put_aside, workflow_id = excluded.workflow_id
  )`;

/** The part of the fact that says who re-orders. */
const whoReorders = (reorderedBy: AdjustInventory['reorderedBy']): Sql =>
  sql`jsonb_strip_nulls(jsonb_build_object('reorderedBy', ${reorderedBy ?? null}::text))`;

/** The answer with the levels that are left, or the refusal. Both name the orders that became ready by it. */
const answering = ({ requestId, orderId, lines, reorderedBy }: AdjustInventory): Sql => sql`
  after AS (
    SELECT jsonb_agg(jsonb_build_object('isbn', isbn, 'onHand', on_hand) ORDER BY position) AS levels FROM left_over JOIN line USING (isbn)
  ), stored AS (
    INSERT INTO inventory.answer (request_id, order_id, command, answer, refusal)
    SELECT ${requestId}, ${orderId}, 'adjust-inventory',
      CASE WHEN short IS NULL THEN jsonb_build_object('levels', levels, 'ready', ready.orders) END,
      CASE WHEN short IS NOT NULL THEN jsonb_build_object('type', 'OutOfStock', 'details', jsonb_build_object('short', short)
        || CASE WHEN ready.orders = '[]' THEN '{}' ELSE jsonb_build_object('ready', ready.orders) END) END
    FROM due, verdict, ready, after
    ON CONFLICT DO NOTHING RETURNING answer, refusal
  ), fact AS (
    SELECT outbox.record_fact('orders', CASE WHEN refusal IS NULL THEN 'inventory-updated' ELSE 'inventory-denied' END, ${orderId},
      jsonb_build_object('orderId', ${orderId}::text) || CASE
        WHEN refusal IS NULL THEN jsonb_build_object('lines', ${JSON.stringify(lines)}::jsonb, 'levels', ${toldLevels(sql`answer->'levels'`)}) || ${whoReorders(reorderedBy)}
        ELSE jsonb_build_object('short', refusal->'details'->'short') END, ${requestId}) AS sequence
    FROM stored
  )`;

/**
 * The first adjustment of an order, in one statement, when stock suffices. The order has nothing to put back and waits
 * for nothing, so the statement needs only its guard row and the stock rows, whose latest state a lock shows. When a
 * title is short nothing is stored (`otherwise`), and the whole adjustment decides. The new levels are computed from
 * the locked rows: PostgreSQL checks a new row first with the values of the snapshot, in which the title may still have
 * been out of stock.
 */
export const takeAtOnce = statement(
  'inventory.take-at-once',
  { ...roundColumns<InventoryUpdated>(), otherwise: refusalColumn },
  ({ requestId, orderId, round, lines, reorderedBy }: AdjustInventory) => sql`
  WITH guard AS (${lockRound('inventory', orderId, round)}), wanted AS (
    SELECT given.line->>'isbn' AS isbn, (given.line->>'quantity')::int AS quantity, given.position
    FROM jsonb_array_elements(${JSON.stringify(lines)}::jsonb) WITH ORDINALITY AS given(line, position)
  ), locked AS (
    SELECT stock.isbn, stock.on_hand FROM inventory.stock, guard
    WHERE NOT guard.undone AND NOT guard.superseded AND stock.isbn = ANY(${lines.map((line) => line.isbn)}::text[])
    ORDER BY stock.isbn FOR UPDATE OF stock
  ), verdict AS (
    SELECT jsonb_agg(jsonb_build_object('isbn', isbn, 'onHand', on_hand - quantity) ORDER BY position) AS levels,
      jsonb_agg(jsonb_build_object('isbn', isbn, 'wanted', quantity, 'onHand', coalesce(on_hand, 0)) ORDER BY position)
        FILTER (WHERE coalesce(on_hand, 0) < quantity) AS short
    FROM wanted LEFT JOIN locked USING (isbn)
  ), stored AS (
    INSERT INTO inventory.answer (request_id, order_id, command, answer)
    SELECT ${requestId}, ${orderId}, 'adjust-inventory', jsonb_build_object('levels', levels, 'ready', '[]'::jsonb)
    FROM verdict, guard WHERE NOT guard.undone AND NOT guard.superseded AND short IS NULL
    ON CONFLICT DO NOTHING RETURNING answer
  ), taken AS (
    INSERT INTO inventory.taken (order_id, isbn, quantity) SELECT ${orderId}, isbn, quantity FROM wanted, stored
    RETURNING isbn, quantity
  ), reduced AS (
    UPDATE inventory.stock SET on_hand = locked.on_hand - taken.quantity FROM taken JOIN locked USING (isbn) WHERE stock.isbn = taken.isbn
  ), fact AS (
    SELECT outbox.record_fact('orders', 'inventory-updated', ${orderId}, jsonb_build_object('orderId', ${orderId}::text,
      'lines', ${JSON.stringify(lines)}::jsonb, 'levels', ${toldLevels(sql`stored.answer->'levels'`)}) || ${whoReorders(reorderedBy)}, ${requestId}) AS sequence
    FROM stored WHERE EXISTS (SELECT FROM taken)
  )
  SELECT guard.undone, guard.superseded, stored.answer, fact.sequence,
    CASE WHEN short IS NOT NULL THEN jsonb_build_object('type', 'OutOfStock', 'details', jsonb_build_object('short', short)) END AS otherwise
  FROM guard LEFT JOIN verdict ON true LEFT JOIN stored ON true LEFT JOIN fact ON true`,
);
