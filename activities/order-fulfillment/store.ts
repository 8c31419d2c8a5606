import type { FulfillOrder, OrderFulfilled, OrderUnpacked, UnpackOrder } from '../../contracts/order-fulfillment.ts';
import type { OrderLine } from '../../contracts/place-order.ts';
import { guardedColumns, lockGuard, refusalColumn, storedColumns, type Refusal } from '../../prisma/outcome.ts';
import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';

const schema = 'order_fulfillment';

/** One parcel with its contents. Only the rows hold the contents: messages carry the sum. */
export interface Parcel {
  /** 1, 2, 3 … within the order. */
  readonly number: number;
  readonly weightGrams: number;
  readonly lines: readonly OrderLine[];
}

/** Writes pick list and parcels, with answer and fact. */
export const packOrder = statement(
  'order-fulfillment.pack-order',
  guardedColumns<OrderFulfilled>(),
  ({ requestId, orderId, lines }: FulfillOrder, parcels: readonly Parcel[]) => sql`
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
      jsonb_build_object('orderId', ${orderId}::text) || stored.answer, ${requestId}) AS sequence
    FROM stored
  )
  SELECT guard.undone, stored.answer, fact.sequence
  FROM guard LEFT JOIN stored ON true LEFT JOIN fact ON true`,
);

/** Stores a refusal with its fact, so that it is given again. */
export const refuseOrder = statement(
  'order-fulfillment.refuse-order',
  { ...guardedColumns<OrderFulfilled>(), refusal: refusalColumn },
  ({ requestId, orderId }: FulfillOrder, refusal: Refusal & { readonly type: 'NotPackable' }) => sql`
  WITH guard AS (${lockGuard(schema, orderId)}), stored AS (
    INSERT INTO order_fulfillment.answer (request_id, order_id, command, refusal)
    SELECT ${requestId}, ${orderId}, 'fulfill-order', ${JSON.stringify(refusal)}::jsonb FROM guard WHERE NOT guard.undone
    ON CONFLICT DO NOTHING RETURNING refusal
  ), fact AS (
    SELECT outbox.record_fact('orders', 'packing-denied', ${orderId}, jsonb_build_object('orderId', ${orderId}::text,
      'isbns', ${JSON.stringify(refusal.details.isbns)}::jsonb), ${requestId}) AS sequence
    FROM stored
  )
  SELECT guard.undone, NULL::jsonb AS answer, stored.refusal, fact.sequence
  FROM guard LEFT JOIN stored ON true LEFT JOIN fact ON true`,
);

/** Marks the parcels of an order unpacked, with answer and fact; runs behind its tombstone. */
export const unpackOrder = statement(
  'order-fulfillment.unpack-order',
  storedColumns<OrderUnpacked>(),
  ({ requestId, orderId }: UnpackOrder) => sql`
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
      'parcels', count(*)), ${requestId}) AS sequence
    FROM unpacked HAVING count(*) > 0
  )
  SELECT stored.answer, fact.sequence
  FROM stored LEFT JOIN fact ON true`,
);
