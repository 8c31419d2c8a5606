import { mediatorClasses, type EventOrigin } from '../../contracts/initiating-event.ts';
import type { StartOrder } from '../../contracts/mediators/order-mediator.ts';
import type { OrderPolicy } from '../../contracts/mediators/order-policy.ts';
import type { PlaceOrder } from '../../contracts/place-order.ts';
import { bool, jsonb, nullable, oneOf, text } from '../../prisma/codec.ts';
import { empty, sql } from '../../prisma/sql.ts';
import { statement, type SqlRunner } from '../../prisma/statement.ts';

/** An order that has not ended, with the argument of its workflow. It holds a card token and is never logged. */
export interface UnfinishedOrder {
  readonly orderId: string;
  readonly requestId: string;
  readonly workflowId: string;
  readonly customerId: string;
  /** The event as amended, and the hash of the body it was placed with. */
  readonly start: StartOrder;
  readonly compensating: boolean;
  /** ISO 8601 with microseconds. */
  readonly receivedAt: string;
}

const ordersPerPage = 500;

/** Every order that has not ended, oldest first, in pages. An order that ends meanwhile may be left out. */
export async function* unfinishedOrders(on: SqlRunner): AsyncGenerator<readonly UnfinishedOrder[]> {
  let page: readonly UnfinishedOrder[] = [];
  do {
    const rows = await on.run(unfinishedPage(page.at(-1)));
    page = rows.map(({ event, bodyHash, mediatorClass, policy, origin, ...order }) => ({
      ...order,
      start: { event, bodyHash, mediatorClass, policy, ...(origin ? { origin } : {}) },
    }));
    if (page.length > 0) yield page;
  } while (page.length === ordersPerPage);
}

export const unfinishedOrder = statement(
  'mediator-store.unfinished-order',
  { orderId: text },
  (orderId: string) => sql`
    SELECT order_id AS "orderId" FROM mediator_store.flow WHERE order_id = ${orderId} AND finished_at IS NULL`,
);

/** True while the order has not ended. */
export const isStillUnfinished = async (on: SqlRunner, orderId: string): Promise<boolean> =>
  (await on.run(unfinishedOrder(orderId))).length > 0;

/** The workflows of a customer's orders that have not ended, oldest first. */
export const openOrdersOf = statement(
  'mediator-store.open-orders-of',
  { workflowId: text },
  (customerId: string) => sql`
    SELECT workflow_id AS "workflowId" FROM mediator_store.flow WHERE customer_id = ${customerId} AND finished_at IS NULL
    ORDER BY received_at, request_id`,
);

/** The first of the events that lead to the order. */
const firstEvent = sql`(
  SELECT jsonb_build_object('via', CASE WHEN event.stream_sequence IS NULL THEN 'client' ELSE 'queue' END, 'source', event.source, 'id', event.event_id)
  FROM mediator_store.initiating_event AS event WHERE event.workflow_id = flow.workflow_id AND event.body_hash = flow.body_hash
  ORDER BY event.received_at LIMIT 1)`;

/** A page of the orders that have not ended, by the instant they were received at. */
export const unfinishedPage = statement(
  'mediator-store.unfinished-page',
  {
    orderId: text,
    requestId: text,
    workflowId: text,
    customerId: text,
    event: jsonb<PlaceOrder>(),
    bodyHash: text,
    mediatorClass: oneOf(...mediatorClasses),
    policy: jsonb<OrderPolicy>(),
    origin: nullable(jsonb<EventOrigin>()),
    compensating: bool,
    receivedAt: text,
  },
  (after: Pick<UnfinishedOrder, 'receivedAt' | 'requestId'> | undefined) => sql`
  SELECT order_id AS "orderId", request_id AS "requestId", workflow_id AS "workflowId", customer_id AS "customerId",
    working AS event, body_hash AS "bodyHash", mediator_class AS "mediatorClass", policy, ${firstEvent} AS origin, state = 'compensating' AS compensating,
    to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "receivedAt"
  FROM mediator_store.flow WHERE finished_at IS NULL
    ${after ? sql`AND (received_at, request_id) > (${after.receivedAt}::timestamptz, ${after.requestId})` : empty}
  ORDER BY received_at, request_id LIMIT ${ordersPerPage}`,
);
