import type { AdjustInventory } from '../../contracts/inventory.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { lockRound } from '../../prisma/outcome.ts';
import { handOut, lockTitles, titlesOf } from './waiting-list.ts';

/** What an adjustment locks: the order's guard row, then its titles, old and new. */
export const adjustmentLocks = ({ orderId, round, lines }: AdjustInventory): readonly Prisma.Sql[] => [
  lockRound('inventory', orderId, round),
  ...lockTitles(titlesOf(orderId, lines)),
];

/**
 * Makes what the order has taken equal to its lines, from what it has taken, what is put aside for it, and what is free. When that does not suffice
 * nothing taken changes, and with `orWait` its rows of the waiting list become: each title of which it lacks more than is free, or for which
 * something is put aside. `wanted` is what it lacks beyond what it has taken; put aside is what was, and what is free, up to that.
 * In both cases what it does not need any more is handed out to the others. Runs under `adjustmentLocks`.
 */
export const adjustment = (command: AdjustInventory): Prisma.Sql => Prisma.sql`
  WITH ${situation(command)}, settled AS (
    SELECT title.*, CASE WHEN short IS NULL THEN wanted ELSE taken END AS keeps,
      CASE WHEN short IS NOT NULL AND (aside > 0 OR wanted - taken > on_hand) THEN greatest(wanted - taken, 0) ELSE 0 END AS awaits
    FROM title, verdict WHERE short IS NULL OR ${command.orWait}::boolean
  ), free AS (
    SELECT isbn, on_hand + aside + taken - keeps - least(awaits, on_hand + aside) AS pieces FROM settled
  ), ${handOut(command.orderId)}, ${changes(command)}, ${answering(command)}
  SELECT guard.undone, guard.superseded, stored.answer, stored.refusal, fact.sequence::text
  FROM guard LEFT JOIN stored ON true LEFT JOIN fact ON true`;

/** What there is of every title of the order, and what is short; nothing when the command is not to take effect (any more). */
const situation = ({ requestId, orderId, round, lines }: AdjustInventory): Prisma.Sql => Prisma.sql`
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

/** What becomes of the order's own rows; an order that waits already keeps its place. */
const changes = ({ orderId, workflowId }: AdjustInventory): Prisma.Sql => Prisma.sql`
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

/** The answer with the levels that are left, or the refusal; who became ready by it is told in both. */
const answering = ({ requestId, orderId, lines }: AdjustInventory): Prisma.Sql => Prisma.sql`
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
    SELECT outbox.record_fact('orders', 'inventory-updated', ${orderId}, jsonb_build_object('orderId', ${orderId}::text,
      'lines', ${JSON.stringify(lines)}::jsonb, 'levels', stored.answer->'levels')) AS sequence
    FROM stored WHERE stored.answer IS NOT NULL
  )`;
