import type { Address } from '../../contracts/address.ts';
import { orderActions } from '../../contracts/mediators/order-actions.ts';
import type { OrderContents, RecordedAction, Shipment } from '../../contracts/views.ts';
import { instant, jsonb, nullable, oneOf, text } from '../../prisma/codec.ts';
import { sql, toMicroseconds } from '../../prisma/sql.ts';
import { statement, type SqlRunner } from '../../prisma/statement.ts';

/** The actions on an order, oldest first. */
export const actionsOf = (on: SqlRunner, orderId: string): Promise<readonly RecordedAction[]> =>
  on.run(recordedActions(orderId));

export const recordedActions = statement(
  'app.order-actions',
  {
    actionId: text,
    action: oneOf(...orderActions),
    actor: nullable(text),
    details: jsonb<RecordedAction['details']>(),
    at: instant,
  },
  (orderId: string) => sql`
    SELECT action_id AS "actionId", action, actor, details, at FROM mediator_store.action
    WHERE order_id = ${orderId} ORDER BY action.at, action_id`,
);

/** The delivery address of an order, as amended; null once the order has ended, and when there is none. */
export async function addressOf(on: SqlRunner, orderId: string): Promise<Address | null> {
  const [row] = await on.run(presentShipTo(orderId));
  return row?.shipTo ?? null;
}

export const presentShipTo = statement(
  'app.present-ship-to',
  { shipTo: nullable(jsonb<Address>()) },
  (orderId: string) => sql`SELECT working->'shipTo' AS "shipTo" FROM mediator_store.flow WHERE order_id = ${orderId}`,
);

/** Reads an order's contents from the schemas of order placement and shipping. */
export async function contentsOf(on: SqlRunner, orderId: string): Promise<OrderContents> {
  const [contents] = await on.run(orderContents(orderId));
  return contents ?? { lines: [], shipTo: null, shipment: null, unreachableSince: null };
}

export const orderContents = statement(
  'app.order-contents',
  {
    shipTo: jsonb<Address>(),
    lines: jsonb<OrderContents['lines']>(),
    shipment: nullable(jsonb<Shipment>()),
    unreachableSince: nullable(text),
  },
  (orderId: string) => sql`
    SELECT ship_to AS "shipTo", (
      SELECT COALESCE(jsonb_agg(jsonb_build_object('isbn', isbn, 'quantity', quantity, 'title', title) ORDER BY isbn), '[]')
      FROM order_placement.order_line AS line WHERE line.order_id = placed.order_id
    ) AS lines, (
      SELECT jsonb_build_object('carrier', carrier, 'method', method, 'trackingNumber', tracking_number)
      FROM shipping.shipment
      WHERE shipment.order_id = placed.order_id AND booked_at IS NOT NULL AND recalled_at IS NULL ORDER BY booked_at DESC LIMIT 1
    ) AS shipment, (
      SELECT ${toMicroseconds('unreachable_since')} FROM order_placement.customer WHERE customer.customer_id = placed.customer_id
    ) AS "unreachableSince"
    FROM order_placement.placed_order AS placed WHERE placed.order_id = ${orderId}`,
);
