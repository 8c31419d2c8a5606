import { shippingZones } from '../../contracts/address.ts';
import type { OrderShipped, RecallShipment, ShipmentRecalled, ShipOrder } from '../../contracts/shipping.ts';
import { guardedColumns, lockGuard, refusalColumn, storedColumns } from '../../prisma/outcome.ts';
import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';

/** Books the cheapest service that takes the heaviest parcel to the country, with answer and fact. */
export const shipOrder = statement(
  'shipping.ship-order',
  { ...guardedColumns<OrderShipped>(), refusal: refusalColumn },
  ({
    requestId,
    orderId,
    shipTo: { country },
    packed: { parcels, heaviestParcelGrams: heaviest, totalGrams },
  }: ShipOrder) => sql`
    WITH guard AS (${lockGuard('shipping', orderId)}), cheapest AS (
      SELECT service.carrier_id, carrier.name, service.method
      FROM shipping.carrier_service AS service JOIN shipping.carrier USING (carrier_id)
      WHERE service.zone = ${shippingZones[country]} AND NOT ${country} = ANY(service.not_to) AND service.max_parcel_grams >= ${heaviest}::int
      ORDER BY service.amount_per_parcel, service.carrier_id, service.method LIMIT 1
    ), stored AS (
      INSERT INTO shipping.answer (request_id, order_id, command, answer, refusal)
      SELECT ${requestId}, ${orderId}, 'ship-order',
        CASE WHEN cheapest.method IS NOT NULL THEN jsonb_build_object('carrier', cheapest.name, 'method', cheapest.method,
          'trackingNumber', 'OM' || upper(left(md5(${requestId}), 14))) END,
        CASE WHEN cheapest.method IS NULL THEN jsonb_build_object('type', 'Undeliverable', 'details',
          jsonb_build_object('country', ${country}::text, 'heaviestParcelGrams', ${heaviest}::int)) END
      FROM guard LEFT JOIN cheapest ON true WHERE NOT guard.undone
      ON CONFLICT DO NOTHING RETURNING answer, refusal
    ), booked AS (
      INSERT INTO shipping.shipment (request_id, order_id, carrier_id, method, tracking_number, country, parcels, weight_grams)
      SELECT ${requestId}, ${orderId}, cheapest.carrier_id, cheapest.method, stored.answer->>'trackingNumber', ${country},
        ${parcels}::int, ${totalGrams}::bigint
      FROM stored, cheapest WHERE stored.answer IS NOT NULL
      RETURNING order_id
    ), fact AS (
      SELECT outbox.record_fact('orders', 'order-shipped', booked.order_id,
        jsonb_build_object('orderId', booked.order_id) || stored.answer) AS sequence
      FROM booked, stored
    )
    SELECT guard.undone, stored.answer, stored.refusal, fact.sequence
    FROM guard LEFT JOIN stored ON true LEFT JOIN fact ON true`,
);

/** Marks the shipments of an order recalled, with answer and fact; runs behind its tombstone. */
export const recallShipment = statement(
  'shipping.recall-shipment',
  storedColumns<ShipmentRecalled>(),
  ({ requestId, orderId }: RecallShipment) => sql`
  WITH under_way AS (
    SELECT request_id FROM shipping.shipment WHERE order_id = ${orderId} AND recalled_at IS NULL FOR UPDATE
  ), stored AS (
    INSERT INTO shipping.answer (request_id, order_id, command, answer)
    SELECT ${requestId}, ${orderId}, 'recall-shipment', jsonb_build_object('recalled', EXISTS (SELECT FROM under_way))
    ON CONFLICT DO NOTHING RETURNING answer
  ), recalled AS (
    UPDATE shipping.shipment SET recalled_at = now() FROM under_way, stored WHERE shipment.request_id = under_way.request_id
    RETURNING shipment.tracking_number
  ), fact AS (
    SELECT outbox.record_fact('orders', 'shipment-recalled', ${orderId}, jsonb_build_object('orderId', ${orderId}::text,
      'trackingNumber', tracking_number)) AS sequence
    FROM recalled
  )
  SELECT stored.answer, fact.sequence
  FROM stored LEFT JOIN fact ON true`,
);
