import type { RestockReturn } from '../../contracts/inventory.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { handOut } from './waiting-list.ts';

/** The titles that come back. A query that returns `isbn`. */
export const titlesBack = ({ lines }: RestockReturn): Prisma.Sql =>
  Prisma.sql`SELECT unnest(${lines.map(({ isbn }) => isbn)}::text[]) AS isbn`;

/** Puts pieces that came back on the shelf and hands them out to those that wait. Runs under the locks of the titles; does nothing the second time. */
export const restock = ({ requestId, orderId, lines }: RestockReturn): Prisma.Sql => Prisma.sql`
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
      'lines', ${JSON.stringify(lines)}::jsonb)) AS sequence
    FROM stored
  )
  SELECT false AS undone, stored.answer, NULL::jsonb AS refusal, fact.sequence::text
  FROM stored LEFT JOIN fact ON true`;
