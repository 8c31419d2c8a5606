import type { AdjustInventory } from '../../contracts/inventory.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { lockRound } from '../../prisma/outcome.ts';

/**
 * The first adjustment of an order, when everything suffices: one statement. It has nothing to put back and waits for nothing, so that it needs no
 * more than its guard row and the stock rows, whose latest state a lock shows. When a title is short nothing is stored (`otherwise`):
 * the whole adjustment decides. What is left is reckoned from the locked state: PostgreSQL checks a new row first as it follows from the snapshot,
 * where the title may still have been empty.
 */
export const firstTake = ({ requestId, orderId, round, lines }: AdjustInventory): Prisma.Sql => Prisma.sql`
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
      'lines', ${JSON.stringify(lines)}::jsonb, 'levels', stored.answer->'levels')) AS sequence
    FROM stored WHERE EXISTS (SELECT FROM taken)
  )
  SELECT guard.undone, guard.superseded, stored.answer, NULL::jsonb AS refusal, fact.sequence::text,
    CASE WHEN short IS NOT NULL THEN jsonb_build_object('type', 'OutOfStock', 'details', jsonb_build_object('short', short)) END AS otherwise
  FROM guard LEFT JOIN verdict ON true LEFT JOIN stored ON true LEFT JOIN fact ON true`;
