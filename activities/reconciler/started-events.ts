import { messageOf, type EventKey, type StoredMessage } from '../../contracts/mediators/event-records.ts';
import { bytea, jsonb, nullable, text } from '../../prisma/codec.ts';
import { empty, existsEarlier, isInTheWay, sql } from '../../prisma/sql.ts';
import { statement, type SqlRunner } from '../../prisma/statement.ts';

/** A delegated event that was started a while ago and is not complete. */
export interface StartedEvent extends EventKey {
  readonly workflowId: string;
}

const eventsPerPage = 500;

/**
 * All delegated events that were started more than a minute ago and are not complete, oldest first, in pages. Orders
 * of the mediator store are left out: they are recovered as orders.
 */
export async function* startedEvents(on: SqlRunner): AsyncGenerator<readonly StartedEvent[]> {
  let after: (EventKey & { readonly startedAt: string }) | undefined;
  for (;;) {
    const page = await on.run(startedPage(after));
    after = page.at(-1);
    if (page.length > 0) yield page.map(({ source, eventId, workflowId }) => ({ source, eventId, workflowId }));
    if (page.length < eventsPerPage) return;
  }
}

/**
 * An order whose workflow was gone before its row was opened is not in the mediator store's orders, and stays in the
 * pages.
 */
const isOrderUnderWay = sql`event.workflow_id LIKE 'order/%' AND EXISTS (
  SELECT FROM mediator_store.flow WHERE flow.request_id = substr(event.workflow_id, 7) AND flow.body_hash = event.body_hash AND flow.finished_at IS NULL)`;

/** A page of started events. */
export const startedPage = statement(
  'reconciler.started-page',
  { source: text, eventId: text, workflowId: text, startedAt: text },
  (after: (EventKey & { readonly startedAt: string }) | undefined) => sql`
  SELECT source, event_id AS "eventId", workflow_id AS "workflowId",
    to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "startedAt"
  FROM mediator_store.initiating_event AS event
  WHERE state = 'started' AND mediator_class <> 'simple' AND stream_sequence IS NOT NULL AND workflow_id IS NOT NULL AND started_at < now() - interval '1 minute'
    AND NOT (${isOrderUnderWay})
    ${after ? sql`AND (started_at, source, event_id) > (${after.startedAt}::timestamptz, ${after.source}, ${after.eventId})` : empty}
  ORDER BY started_at, source, event_id LIMIT ${eventsPerPage}`,
);

/**
 * The customers whose first open event was rung for more than a minute ago, and is one that the customer mediator goes
 * on with by itself. Their mediator takes long, or was lost.
 */
export const overdueCustomers = statement(
  'reconciler.overdue-customers',
  { customerId: text },
  () => sql`
  SELECT DISTINCT event.customer_id AS "customerId" FROM mediator_store.initiating_event AS event
  WHERE (event.state = 'received' OR (event.state = 'started' AND event.mediator_class = 'simple'))
    AND event.rung_at < now() - interval '1 minute' AND coalesce(event.started_at, event.rung_at) < now() - interval '1 minute'
    AND NOT ${existsEarlier(isInTheWay('earlier'))}
  LIMIT 1000`,
);

/** The message of a started event. No row when the event has changed its state meanwhile. */
export const startedMessage = statement(
  'reconciler.started-message',
  { subject: nullable(text), headers: nullable(jsonb<Readonly<Record<string, string>>>()), body: nullable(bytea) },
  ({ source, eventId }: EventKey) => sql`
  SELECT subject, headers, body FROM mediator_store.initiating_event
  WHERE source = ${source} AND event_id = ${eventId} AND state = 'started'`,
);

/**
 * The event's message, null when the row has none any more; undefined when the event has changed its state meanwhile.
 */
export async function messageOfStarted(on: SqlRunner, key: EventKey): Promise<StoredMessage | null | undefined> {
  const [row] = await on.run(startedMessage(key));
  return row && messageOf(row);
}
