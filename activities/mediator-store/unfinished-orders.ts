import type { StartOrder } from '../../contracts/mediators/order-mediator.ts';
import type { OrderPolicy } from '../../contracts/mediators/order-policy.ts';
import type { PlaceOrder } from '../../contracts/place-order.ts';
import type { Database } from '../../prisma/database.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import type { EventOrigin, MediatorClass } from '../../contracts/initiating-event.ts';

/** An order that has not ended, with what its workflow is started with when it has none. Holds a card token: never logged. */
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

const pageSize = 500;

/** Every order that has not ended, oldest first, in pages; one that ends meanwhile may be left out. */
export async function* unfinishedPages(database: Database): AsyncGenerator<readonly UnfinishedOrder[]> {
  let page: readonly UnfinishedOrder[] = [];
  do {
    page = await pageAfter(database, page.at(-1));
    if (page.length > 0) yield page;
  } while (page.length === pageSize);
}

interface UnfinishedRow extends Omit<UnfinishedOrder, 'start'> {
  readonly event: PlaceOrder;
  readonly bodyHash: string;
  readonly mediatorClass: MediatorClass;
  readonly policy: OrderPolicy;
  /** Null for an order from before there was a queue. */
  readonly origin: EventOrigin | null;
}

/** The event that came first, of those that lead to the same order. */
const origin = Prisma.sql`(
  SELECT jsonb_build_object('via', CASE WHEN event.stream_sequence IS NULL THEN 'client' ELSE 'queue' END, 'source', event.source, 'id', event.event_id)
  FROM mediator_store.initiating_event AS event WHERE event.workflow_id = flow.workflow_id AND event.body_hash = flow.body_hash
  ORDER BY event.received_at LIMIT 1)`;

/** A page of the orders that have not ended, by the instant they were received at. */
async function pageAfter({ prisma }: Database, after: UnfinishedOrder | undefined): Promise<UnfinishedOrder[]> {
  const later = after
    ? Prisma.sql`AND (received_at, request_id) > (${after.receivedAt}::timestamptz, ${after.requestId})`
    : Prisma.empty;
  const rows = await prisma.$queryRaw<UnfinishedRow[]>(Prisma.sql`
    SELECT order_id AS "orderId", request_id AS "requestId", workflow_id AS "workflowId", customer_id AS "customerId",
      working AS event, body_hash AS "bodyHash", mediator_class AS "mediatorClass", policy, ${origin} AS origin, state = 'compensating' AS compensating,
      to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "receivedAt"
    FROM mediator_store.flow WHERE finished_at IS NULL ${later} ORDER BY received_at, request_id LIMIT ${pageSize}`);
  return rows.map(({ event, bodyHash, mediatorClass, policy, origin: from, ...order }) => ({
    ...order,
    start: { event, bodyHash, mediatorClass, policy, ...(from ? { origin: from } : {}) },
  }));
}
