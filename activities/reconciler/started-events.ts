import type { Database } from '../../prisma/database.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import type { EventKey, StoredMessage } from '../../broker-bridge/intake/store/rows.ts';

export type { StoredMessage };

/** A queued event whose flow was started a while ago, and that is not complete. */
export interface StartedEvent extends EventKey {
  readonly workflowId: string;
}

/** The queued events that mediators have in hand. */
export interface StartedEventStore {
  /** All that were started more than a minute ago, oldest first, in pages. Not those that are orders of the mediator store by now: they are found there. */
  pages(): AsyncIterable<readonly StartedEvent[]>;
  /** The event with its message, null when it has none any more; nothing when it has gone on meanwhile. */
  find(event: EventKey): Promise<{ readonly message: StoredMessage | null } | undefined>;
}

export const createStartedEventStore = (database: Database): StartedEventStore => ({
  pages: () => pages(database),
  find: (event) => find(database, event),
});

const pageSize = 500;

interface PagedEvent extends StartedEvent {
  /** ISO 8601 with microseconds. */
  readonly startedAt: string;
}

async function* pages(database: Database): AsyncGenerator<readonly StartedEvent[]> {
  let page: readonly PagedEvent[] = [];
  do {
    page = await pageAfter(database, page.at(-1));
    if (page.length > 0) yield page.map(({ source, eventId, workflowId }) => ({ source, eventId, workflowId }));
  } while (page.length === pageSize);
}

/** An order that was gone before its row was opened is not in the mediator store's orders: it is one of these. */
const isOrderUnderWay = Prisma.sql`event.workflow_id LIKE 'order/%' AND EXISTS (
  SELECT FROM mediator_store.flow WHERE flow.request_id = substr(event.workflow_id, 7) AND flow.body_hash = event.body_hash AND flow.finished_at IS NULL)`;

function pageAfter({ prisma }: Database, after: PagedEvent | undefined): Promise<PagedEvent[]> {
  const later = after
    ? Prisma.sql`AND (started_at, source, event_id) > (${after.startedAt}::timestamptz, ${after.source}, ${after.eventId})`
    : Prisma.empty;
  return prisma.$queryRaw<PagedEvent[]>(Prisma.sql`
    SELECT source, event_id AS "eventId", workflow_id AS "workflowId",
      to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "startedAt"
    FROM mediator_store.initiating_event AS event
    WHERE state = 'started' AND stream_sequence IS NOT NULL AND workflow_id IS NOT NULL AND started_at < now() - interval '1 minute'
      AND NOT (${isOrderUnderWay}) ${later}
    ORDER BY started_at, source, event_id LIMIT ${pageSize}`);
}

async function find({ prisma }: Database, { source, eventId }: EventKey) {
  const [row] = await prisma.$queryRaw<
    { readonly [Part in keyof StoredMessage]: StoredMessage[Part] | null }[]
  >(Prisma.sql`
    SELECT subject, headers, body FROM mediator_store.initiating_event
    WHERE source = ${source} AND event_id = ${eventId} AND state = 'started'`);
  if (!row) return undefined;
  const { subject, headers, body } = row;
  return { message: subject !== null && headers !== null && body !== null ? { subject, headers, body } : null };
}
