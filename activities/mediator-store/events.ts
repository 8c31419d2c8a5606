import { customerEventQueue } from '../../contracts/customer-event-queue.ts';
import type { CompleteEvent, RefuseEvent } from '../../contracts/mediators/event-records.ts';
import { caseIdOf, type DeadLetter } from '../../contracts/mediators/repair.ts';
import type { Database } from '../../prisma/database.ts';
import { Prisma } from '../../prisma/generated/client.ts';

/** A queued event that its mediator refused, as it is handed over. */
export interface RefusedRow {
  readonly event: DeadLetter;
  /** Whether it was resubmitted from that case. */
  readonly isKnown: boolean;
}

/** The rows of initiating events, as mediators write them. One statement each. */
export interface EventStore {
  /** Marks the event of a workflow complete and forgets its bytes. Does nothing the second time. */
  complete(entry: CompleteEvent): Promise<void>;
  /** Marks the queued event of a workflow erroneous, under a case id that stays; null when it has none that is open. The same again the second time. */
  refuse(entry: RefuseEvent): Promise<RefusedRow | null>;
}

export const createEventStore = (database: Database): EventStore => ({
  async complete({ workflowId, outcome, mediatorClass }) {
    await database.prisma.$executeRaw(Prisma.sql`
      UPDATE mediator_store.initiating_event AS event
      SET ${completion(outcome)}, mediator_class = coalesce(${mediatorClass ?? null}, event.mediator_class)
      WHERE event.workflow_id = ${workflowId} AND ${isOpen}`);
  },
  refuse: (entry) => refuse(database, entry),
});

/** What completes a row of `event`. */
export const completion = (outcome: string): Prisma.Sql => Prisma.sql`
  state = 'complete', outcome = ${outcome}, completed_at = now(), subject = NULL, headers = NULL, body = NULL`;

/** A mediator may be faster than the intake that has started it is at saying so. */
export const isOpen = Prisma.sql`event.state IN ('received', 'deferred', 'started')`;

interface Row {
  readonly source: string;
  readonly eventId: string;
  readonly caseId: string | null;
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** A whole number too big for JavaScript's. */
  readonly streamSequence: string;
  /** ISO 8601, whole seconds. */
  readonly receivedAt: string;
  readonly customerId: string | null;
}

async function refuse(database: Database, entry: RefuseEvent): Promise<RefusedRow | null> {
  const row = await rowToRefuse(database, entry);
  if (!row) return null;
  const minted = mintedFor(row);
  const caseId = row.caseId ?? minted;
  await database.prisma.$executeRaw(marking(entry, row, caseId));
  const { subject, headers, body, customerId } = row;
  const { consumer } = customerEventQueue;
  const streamSequence = Number(row.streamSequence);
  const { message } = entry;
  const about = { caseId, consumer, subject, headers, body, streamSequence, customerId };
  return { event: { ...about, reason: 'refused', message, problems: [] }, isKnown: caseId !== minted };
}

/** The row's own instant tells streams apart as well as the stream's: no two of one sequence were received in one second. */
const mintedFor = ({ receivedAt, streamSequence }: Row): string =>
  caseIdOf({
    consumer: customerEventQueue.consumer,
    streamCreated: receivedAt,
    streamSequence: Number(streamSequence),
  });

/** The event that is open, one from a case before others; when it was marked already, that one. */
async function rowToRefuse({ prisma }: Database, entry: RefuseEvent): Promise<Row | undefined> {
  const [row] = await prisma.$queryRaw<Row[]>(Prisma.sql`
    SELECT source, event_id AS "eventId", case_id AS "caseId", subject, headers, body, stream_sequence::text AS "streamSequence",
      to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "receivedAt", customer_id AS "customerId"
    FROM mediator_store.initiating_event AS event
    WHERE ${isOf(entry)} AND event.body IS NOT NULL AND (${isOpen} OR event.state = 'dead-lettered')
    ORDER BY (state = 'dead-lettered'), (case_id IS NULL), CASE WHEN state = 'dead-lettered' THEN -stream_sequence ELSE stream_sequence END LIMIT 1`);
  return row;
}

/** Others that lead to the same workflow with the same body ask for nothing else: they are given up with it. */
const marking = (entry: RefuseEvent, { source, eventId }: Row, caseId: string): Prisma.Sql => Prisma.sql`
  WITH doubles AS (
    UPDATE mediator_store.initiating_event AS event SET state = 'discarded', outcome = 'double', subject = NULL, headers = NULL, body = NULL
    WHERE ${isOf(entry)} AND ${isOpen} AND (event.source, event.event_id) <> (${source}, ${eventId})
  )
  UPDATE mediator_store.initiating_event AS event SET state = 'dead-lettered', case_id = ${caseId}, outcome = 'refused'
  WHERE event.source = ${source} AND event.event_id = ${eventId} AND ${isOpen}`;

const isOf = ({ workflowId, bodyHash }: RefuseEvent): Prisma.Sql => Prisma.sql`
  event.workflow_id = ${workflowId} AND event.stream_sequence IS NOT NULL
  ${bodyHash === undefined ? Prisma.empty : Prisma.sql`AND event.body_hash = ${bodyHash}`}`;
