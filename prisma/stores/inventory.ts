import type {
  AdjustInventory,
  InventoryReleased,
  InventoryUpdated,
  ReceiveStock,
  ReleaseInventory,
  StockReceived,
} from '../../contracts/inventory.ts';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { leaveTombstone, lockGuard, outcomeOf, type Outcome } from './outcome.ts';

const schema = 'inventory';

/** What is on hand of each title, and what each order took. Rows of stock are always locked in ISBN order, after the order's guard. */
export interface InventoryStore {
  /** Takes every line or none, with answer and fact: one statement. */
  adjust(command: AdjustInventory): Promise<Outcome<InventoryUpdated>>;
  /** Tombstone, then putting back with answer and fact: two statements. */
  release(command: ReleaseInventory): Promise<Outcome<InventoryReleased>>;
  /** Books a delivery with its fact: one statement. A title that had no stock row gets one. */
  receive(command: ReceiveStock): Promise<StockReceived>;
}

export const createInventoryStore = (database: Database): InventoryStore => ({
  adjust: (command) => outcomeOf(database, { schema, requestId: command.requestId, statement: adjustment(command) }),
  async release(command) {
    await leaveTombstone(database, schema, command.orderId);
    return outcomeOf(database, { schema, requestId: command.requestId, statement: putBack(command) });
  },
  async receive(command) {
    const [booked] = await database.prisma.$queryRaw<{ onHand: number }[]>(booking(command));
    if (booked) database.wakeRelay();
    const known = booked ?? (await bookedBefore(database, command.requestId));
    if (!known)
      throw new Error(`The delivery ${command.requestId} was neither booked nor found; asking again is safe.`);
    return { isbn: command.isbn, onHand: known.onHand };
  },
});

const adjustment = ({ requestId, orderId, lines }: AdjustInventory): Prisma.Sql => Prisma.sql`
  WITH guard AS (${lockGuard(schema, orderId)}), wanted AS (
    SELECT given.line->>'isbn' AS isbn, (given.line->>'quantity')::int AS quantity, given.position
    FROM jsonb_array_elements(${JSON.stringify(lines)}::jsonb) WITH ORDINALITY AS given(line, position)
  ), locked AS (
    SELECT stock.isbn, stock.on_hand FROM inventory.stock, guard
    WHERE NOT guard.undone AND stock.isbn = ANY(${lines.map((line) => line.isbn)}::text[])
    ORDER BY stock.isbn FOR UPDATE OF stock
  ), verdict AS (
    SELECT jsonb_agg(jsonb_build_object('isbn', isbn, 'onHand', on_hand - quantity) ORDER BY position) AS levels,
      jsonb_agg(jsonb_build_object('isbn', isbn, 'wanted', quantity, 'onHand', coalesce(on_hand, 0)) ORDER BY position)
        FILTER (WHERE coalesce(on_hand, 0) < quantity) AS short
    FROM wanted LEFT JOIN locked USING (isbn)
  ), stored AS (
    INSERT INTO inventory.answer (request_id, order_id, command, answer, refusal)
    SELECT ${requestId}, ${orderId}, 'adjust-inventory',
      CASE WHEN short IS NULL THEN jsonb_build_object('levels', levels) END,
      CASE WHEN short IS NOT NULL THEN jsonb_build_object('type', 'OutOfStock', 'details', jsonb_build_object('short', short)) END
    FROM verdict, guard WHERE NOT guard.undone
    ON CONFLICT DO NOTHING RETURNING answer, refusal
  ), taken AS (
    INSERT INTO inventory.taken (order_id, isbn, quantity)
    SELECT ${orderId}, isbn, quantity FROM wanted, stored WHERE stored.answer IS NOT NULL
    RETURNING isbn, quantity
  ), reduced AS (
    UPDATE inventory.stock SET on_hand = stock.on_hand - taken.quantity FROM taken WHERE stock.isbn = taken.isbn
  ), fact AS (
    SELECT outbox.record_fact('orders', 'inventory-updated', ${orderId}, jsonb_build_object('orderId', ${orderId}::text,
      'lines', ${JSON.stringify(lines)}::jsonb, 'levels', stored.answer->'levels')) AS sequence
    FROM stored WHERE stored.answer IS NOT NULL AND EXISTS (SELECT FROM taken)
  )
  SELECT guard.undone, stored.answer, stored.refusal, fact.sequence::text
  FROM guard LEFT JOIN stored ON true LEFT JOIN fact ON true`;

const putBack = ({ requestId, orderId }: ReleaseInventory): Prisma.Sql => Prisma.sql`
  WITH back AS (
    SELECT isbn, quantity FROM inventory.taken WHERE order_id = ${orderId} AND released_at IS NULL ORDER BY isbn FOR UPDATE
  ), locked AS (
    SELECT isbn FROM inventory.stock WHERE isbn IN (SELECT isbn FROM back) ORDER BY isbn FOR UPDATE
  ), summed AS (
    SELECT coalesce(jsonb_agg(jsonb_build_object('isbn', isbn, 'quantity', quantity) ORDER BY isbn), '[]') AS lines
    FROM back LEFT JOIN locked USING (isbn)
  ), stored AS (
    INSERT INTO inventory.answer (request_id, order_id, command, answer)
    SELECT ${requestId}, ${orderId}, 'release-inventory', jsonb_build_object('released', lines) FROM summed
    ON CONFLICT DO NOTHING RETURNING answer
  ), released AS (
    UPDATE inventory.taken SET released_at = now() FROM back, stored
    WHERE taken.order_id = ${orderId} AND taken.isbn = back.isbn
    RETURNING taken.isbn, taken.quantity
  ), restored AS (
    UPDATE inventory.stock SET on_hand = stock.on_hand + released.quantity FROM released WHERE stock.isbn = released.isbn
  ), fact AS (
    SELECT outbox.record_fact('orders', 'inventory-released', ${orderId}, jsonb_build_object('orderId', ${orderId}::text,
      'lines', stored.answer->'released')) AS sequence
    FROM stored WHERE EXISTS (SELECT FROM released)
  )
  SELECT false AS undone, stored.answer, NULL::jsonb AS refusal, fact.sequence::text
  FROM stored LEFT JOIN fact ON true`;

const booking = ({ requestId, purchaseOrderId, isbn, quantity }: ReceiveStock): Prisma.Sql => Prisma.sql`
  WITH locked AS (
    SELECT on_hand FROM inventory.stock WHERE isbn = ${isbn} FOR UPDATE
  ), booked AS (
    INSERT INTO inventory.booked_delivery (request_id, purchase_order_id, isbn, quantity, on_hand)
    SELECT ${requestId}, ${purchaseOrderId}, ${isbn}, ${quantity}::int, coalesce((SELECT on_hand FROM locked), 0) + ${quantity}::int
    ON CONFLICT DO NOTHING RETURNING isbn, quantity, on_hand
  ), raised AS (
    INSERT INTO inventory.stock (isbn, on_hand) SELECT isbn, quantity FROM booked
    ON CONFLICT (isbn) DO UPDATE SET on_hand = stock.on_hand + excluded.on_hand
    RETURNING on_hand
  ), fact AS (
    SELECT outbox.record_fact('stock', 'stock-replenished', ${isbn}, jsonb_build_object('isbn', ${isbn}::text,
      'purchaseOrderId', ${purchaseOrderId}::text, 'quantity', ${quantity}::int, 'onHand', raised.on_hand)) AS sequence
    FROM raised
  )
  SELECT booked.on_hand AS "onHand", fact.sequence::text FROM booked, fact`;

async function bookedBefore({ prisma }: Database, requestId: string): Promise<{ onHand: number } | undefined> {
  const rows = await prisma.$queryRaw<{ onHand: number }[]>`
    SELECT on_hand AS "onHand" FROM inventory.booked_delivery WHERE request_id = ${requestId}`;
  return rows[0];
}
