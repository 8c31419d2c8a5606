import type { FulfillOrder, OrderFulfilled, OrderUnpacked, UnpackOrder } from '../../contracts/order-fulfillment.ts';
import type { OrderLine } from '../../contracts/place-order.ts';
import type { Database } from '../../prisma/database.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { leaveTombstone, lockGuard, outcomeOf, type Outcome, type Refusal } from '../../prisma/outcome.ts';

const schema = 'order_fulfillment';

/** One parcel with what is in it. Only the rows tell that: messages carry the sum. */
export interface Parcel {
  /** 1, 2, 3 … within the order. */
  readonly number: number;
  readonly weightGrams: number;
  readonly lines: readonly OrderLine[];
}

/** Weights, pick lists and parcels. */
export interface OrderFulfillmentStore {
  /** Grams of each title; a title whose weight nobody has written down is missing. */
  weights(isbns: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Writes pick list and parcels with answer and fact: one statement. */
  pack(command: FulfillOrder, parcels: readonly Parcel[]): Promise<Outcome<OrderFulfilled>>;
  /** Stores a refusal, so that it is given again: one statement. */
  refuse(command: FulfillOrder, refusal: Refusal): Promise<Outcome<OrderFulfilled>>;
  /** Tombstone, then unpacking with answer and fact: two statements. */
  unpack(command: UnpackOrder): Promise<Outcome<OrderUnpacked>>;
}

export const createOrderFulfillmentStore = (database: Database): OrderFulfillmentStore => ({
  async weights(isbns) {
    const rows = await database.prisma.$queryRaw<{ isbn: string; grams: number }[]>`
      SELECT isbn, grams FROM order_fulfillment.weight WHERE isbn = ANY(${isbns}::text[])`;
    return new Map(rows.map(({ isbn, grams }) => [isbn, grams]));
  },
  pack: (command, parcels) =>
    outcomeOf(database, { schema, requestId: command.requestId, statement: packing(command, parcels) }),
  refuse: (command, refusal) =>
    outcomeOf(database, { schema, requestId: command.requestId, statement: refusing(command, refusal) }),
  async unpack(command) {
    await leaveTombstone(database, schema, command.orderId);
    return outcomeOf(database, { schema, requestId: command.requestId, statement: unpacking(command) });
  },
});

const packing = ({ requestId, orderId, lines }: FulfillOrder, parcels: readonly Parcel[]): Prisma.Sql => Prisma.sql`
  WITH guard AS (${lockGuard(schema, orderId)}), parcels AS (
    SELECT number, "weightGrams" AS grams, lines
    FROM jsonb_to_recordset(${JSON.stringify(parcels)}::jsonb) AS parcel(number int, "weightGrams" int, lines jsonb)
  ), summed AS (
    SELECT jsonb_build_object('parcels', count(*), 'heaviestParcelGrams', coalesce(max(grams), 0),
      'totalGrams', coalesce(sum(grams), 0)) AS answer
    FROM parcels
  ), stored AS (
    INSERT INTO order_fulfillment.answer (request_id, order_id, command, answer)
    SELECT ${requestId}, ${orderId}, 'fulfill-order', summed.answer FROM guard, summed WHERE NOT guard.undone
    ON CONFLICT DO NOTHING RETURNING answer
  ), picked AS (
    INSERT INTO order_fulfillment.pick_line (order_id, isbn, quantity)
    SELECT ${orderId}, line.isbn, line.quantity
    FROM stored, jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) AS line(isbn text, quantity int)
  ), packed AS (
    INSERT INTO order_fulfillment.parcel (order_id, number, weight_grams, lines)
    SELECT ${orderId}, parcels.number, parcels.grams, parcels.lines FROM stored, parcels
  ), fact AS (
    SELECT outbox.record_fact('orders', 'order-fulfilled', ${orderId},
      jsonb_build_object('orderId', ${orderId}::text) || stored.answer) AS sequence
    FROM stored
  )
  SELECT guard.undone, stored.answer, NULL::jsonb AS refusal, fact.sequence::text
  FROM guard LEFT JOIN stored ON true LEFT JOIN fact ON true`;

const refusing = ({ requestId, orderId }: FulfillOrder, refusal: Refusal): Prisma.Sql => Prisma.sql`
  WITH guard AS (${lockGuard(schema, orderId)}), stored AS (
    INSERT INTO order_fulfillment.answer (request_id, order_id, command, refusal)
    SELECT ${requestId}, ${orderId}, 'fulfill-order', ${JSON.stringify(refusal)}::jsonb FROM guard WHERE NOT guard.undone
    ON CONFLICT DO NOTHING RETURNING refusal
  )
  SELECT guard.undone, NULL::jsonb AS answer, stored.refusal, NULL AS sequence FROM guard LEFT JOIN stored ON true`;

const unpacking = ({ requestId, orderId }: UnpackOrder): Prisma.Sql => Prisma.sql`
  WITH packed AS (
    SELECT number FROM order_fulfillment.parcel WHERE order_id = ${orderId} AND unpacked_at IS NULL FOR UPDATE
  ), stored AS (
    INSERT INTO order_fulfillment.answer (request_id, order_id, command, answer)
    SELECT ${requestId}, ${orderId}, 'unpack-order', jsonb_build_object('parcels', count(*)) FROM packed
    ON CONFLICT DO NOTHING RETURNING answer
  ), unpacked AS (
    UPDATE order_fulfillment.parcel SET unpacked_at = now() FROM packed, stored
    WHERE parcel.order_id = ${orderId} AND parcel.number = packed.number
    RETURNING parcel.number
  ), fact AS (
    SELECT outbox.record_fact('orders', 'order-unpacked', ${orderId}, jsonb_build_object('orderId', ${orderId}::text,
      'parcels', count(*))) AS sequence
    FROM unpacked HAVING count(*) > 0
  )
  SELECT false AS undone, stored.answer, NULL::jsonb AS refusal, fact.sequence::text
  FROM stored LEFT JOIN fact ON true`;
