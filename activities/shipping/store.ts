import type { OrderShipped, RecallShipment, ShipmentRecalled, ShipOrder } from '../../contracts/shipping.ts';
import { bigintText, bool, jsonb, nullable } from '../../prisma/codec.ts';
import type { Database } from '../../prisma/database.ts';
import {
  guardedColumns,
  insertAnswer,
  leaveTombstone,
  lockGuard,
  outcomeOf,
  readAnswer,
  refusalColumn,
  stored,
  type Outcome,
  type Refusal,
} from '../../prisma/outcome.ts';
import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import { intentColumns, pageOfIntents, type PageOfIntents } from '../kit/unsettled-intents.ts';

const schema = 'shipping';

/**
 * The begin of a booking. `new`: the carrier has nothing under this request id. `look-first`: it may. `undone`: the
 * command is too late, and a booking of an earlier attempt has to be called back.
 */
type BookingBegin =
  | { readonly standing: 'new' | 'look-first' | 'undone' }
  | { readonly standing: 'known'; readonly outcome: Outcome<OrderShipped> };

/** Intents and shipments. The carrier is never called inside a statement. */
export type ShippingStore = ReturnType<typeof createShippingStore>;

export const createShippingStore = (database: Database) => ({
  /** Writes the intent before the carrier is asked: one statement, two when it came too late. */
  begin: (command: ShipOrder) => begin(database, command),
  /**
   * Writes the booking, or the carrier's refusal (null), with answer and fact: one statement. Refused with
   * `AlreadyUndone` when a compensation came in between: then the shipment has to be called back.
   */
  settle: (command: ShipOrder, booked: OrderShipped | null) =>
    outcomeOf(database, { schema, requestId: command.requestId, query: settleBooking(command, booked) }),
  /** Leaves the tombstone of a compensation. From now on no booking of the order settles. */
  undo: (orderId: string) => leaveTombstone(database, schema, orderId),
  /**
   * Records that a shipment was called back; one that was not reported before is reported first, so that facts balance.
   * Does nothing the second time.
   */
  async recalled(orderId: string, requestId: string, shipment: OrderShipped): Promise<void> {
    const rows = await database.run(recordRecall(orderId, requestId, shipment));
    if (rows.length > 0) database.wakeRelay();
  },
  /** Stores the answer of a recall. */
  answerRecall: (command: RecallShipment, answer: ShipmentRecalled) =>
    outcomeOf(database, { schema, requestId: command.requestId, query: answerRecall(command, answer) }),
  /** Intents of orders that were compensated before these were settled, oldest first. */
  unsettled: (page: PageOfIntents) => database.run(unsettledBookings(page)),
  /** Removes an intent under which nothing was booked. Does nothing to one that was settled. */
  forget: (requestId: string) => database.prisma.shipment.deleteMany({ where: { requestId, bookedAt: null } }),
});

async function begin(database: Database, command: ShipOrder): Promise<BookingBegin> {
  const [row] = await database.run(beginBooking(command));
  // A statement that waited for the lock does not see an answer that was stored meanwhile.
  const outcome = stored(row) ?? (row?.undone ? stored(await readAnswer(database, schema, command.requestId)) : null);
  if (outcome) return { standing: 'known', outcome };
  if (row?.undone) return { standing: 'undone' };
  return { standing: row?.intended ? 'new' : 'look-first' };
}

export const beginBooking = statement(
  'shipping.begin-booking',
  { undone: bool, intended: bool, answer: nullable(jsonb<OrderShipped>()), refusal: nullable(jsonb<Refusal>()) },
  ({ requestId, orderId, shipTo: { country }, packed: { parcels, totalGrams } }: ShipOrder) => sql`
  WITH guard AS (${lockGuard(schema, orderId)}), intended AS (
    INSERT INTO shipping.shipment (request_id, order_id, country, parcels, weight_grams)
    SELECT ${requestId}, ${orderId}, ${country}, ${parcels}::int, ${totalGrams}::bigint
    FROM guard WHERE NOT guard.undone AND NOT EXISTS (SELECT FROM shipping.answer WHERE request_id = ${requestId})
    ON CONFLICT DO NOTHING RETURNING request_id
  )
  SELECT guard.undone, EXISTS (SELECT FROM intended) AS intended, known.answer, known.refusal
  FROM guard LEFT JOIN shipping.answer AS known ON known.request_id = ${requestId}`,
);

/** A booking that was refused leaves no row of `shipment`. */
export const settleBooking = statement(
  'shipping.settle-booking',
  { ...guardedColumns<OrderShipped>(), refusal: refusalColumn },
  (
    { requestId, orderId, shipTo: { country }, packed: { heaviestParcelGrams } }: ShipOrder,
    booked: OrderShipped | null,
  ) => {
    const refusal: Refusal = { type: 'Undeliverable', details: { country, heaviestParcelGrams } };
    return sql`
    WITH guard AS (${lockGuard(schema, orderId)}), stored AS (
      INSERT INTO shipping.answer (request_id, order_id, command, answer, refusal)
      SELECT ${requestId}, ${orderId}, 'ship-order', ${booked && JSON.stringify(booked)}::jsonb,
        ${booked ? null : JSON.stringify(refusal)}::jsonb
      FROM guard WHERE NOT guard.undone
      ON CONFLICT DO NOTHING RETURNING answer, refusal
    ), refused AS (
      DELETE FROM shipping.shipment USING stored
      WHERE shipment.request_id = ${requestId} AND stored.refusal IS NOT NULL AND booked_at IS NULL
    ), booked AS (
      UPDATE shipping.shipment SET carrier = stored.answer->>'carrier', method = stored.answer->>'method',
        tracking_number = stored.answer->>'trackingNumber', booked_at = now()
      FROM stored WHERE shipment.request_id = ${requestId} AND stored.answer IS NOT NULL
      RETURNING shipment.order_id
    ), told AS (
      SELECT 'order-shipped' AS name, stored.answer AS body FROM booked, stored
      UNION ALL SELECT 'shipment-denied', stored.refusal->'details' FROM stored WHERE stored.refusal IS NOT NULL
    ), fact AS (
      SELECT outbox.record_fact('orders', name, ${orderId}, jsonb_build_object('orderId', ${orderId}::text) || body, ${requestId})
        AS sequence
      FROM told
    )
    SELECT guard.undone, stored.answer, stored.refusal, fact.sequence
    FROM guard LEFT JOIN stored ON true LEFT JOIN fact ON true`;
  },
);

export const recordRecall = statement(
  'shipping.record-recall',
  { shipped: nullable(bigintText), sequence: bigintText },
  (orderId: string, requestId: string, { carrier, method, trackingNumber }: OrderShipped) => sql`
  WITH before AS (
    SELECT request_id, booked_at FROM shipping.shipment
    WHERE request_id = ${requestId} AND recalled_at IS NULL AND coalesce(tracking_number, ${trackingNumber}) = ${trackingNumber}
    FOR UPDATE
  ), changed AS (
    UPDATE shipping.shipment AS s SET carrier = ${carrier}, method = ${method}, tracking_number = ${trackingNumber},
      booked_at = coalesce(s.booked_at, now()), recalled_at = now()
    FROM before WHERE s.request_id = before.request_id
    RETURNING before.booked_at IS NULL AS untold
  ), told AS MATERIALIZED (
    SELECT CASE WHEN untold THEN outbox.record_fact('orders', 'order-shipped', ${orderId}, jsonb_build_object('orderId', ${orderId}::text,
      'carrier', ${carrier}::text, 'method', ${method}::text, 'trackingNumber', ${trackingNumber}::text), ${requestId}) END AS shipped
    FROM changed
  )
  SELECT shipped, outbox.record_fact('orders', 'shipment-recalled', ${orderId}, jsonb_build_object('orderId', ${orderId}::text,
    'trackingNumber', ${trackingNumber}::text)) AS sequence
  FROM told`,
);

export const answerRecall = statement(
  'shipping.answer-recall',
  { answer: jsonb<ShipmentRecalled>() },
  (command: RecallShipment, answer: ShipmentRecalled) => insertAnswer(schema, 'recall-shipment', command, answer),
);

export const unsettledBookings = statement('shipping.unsettled-bookings', intentColumns, (page: PageOfIntents) => {
  const unsettled = sql`intent.booked_at IS NULL AND guard.undone`;
  return pageOfIntents({ table: sql`shipping.shipment`, guard: sql`shipping.guard`, unsettled }, page);
});
