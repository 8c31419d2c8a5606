import { customerEventQueue } from '../../contracts/customer-event-queue.ts';
import type { CompleteEvent, EventRecords, RefuseEvent } from '../../contracts/mediators/event-records.ts';
import { caseIdOf, type DeadLetter, type RepairPolicy } from '../../contracts/mediators/repair.ts';
import { bigintNumber, bytea, jsonb, nullable, text, type RowOf } from '../../prisma/codec.ts';
import type { Database } from '../../prisma/database.ts';
import { empty, sql, type Sql } from '../../prisma/sql.ts';
import { statement, type SqlRunner } from '../../prisma/statement.ts';
import { createRepairCaseStore } from '../repair/case-store.ts';

/**
 * The mediators' records of the events that started them, as activities of their workers. `policy` is the one of
 * a repair case.
 */
export const createEventRecords = (database: Database, policy: RepairPolicy): EventRecords => ({
  async completeEvent(entry) {
    await database.execute(completeEvent(entry));
  },
  async refuseEvent(entry) {
    const refused = await refuseEvent(database, entry);
    if (!refused) return null;
    const { event, isKnown } = refused;
    await createRepairCaseStore(database).openCase(event, isKnown);
    return { caseId: event.caseId, isKnown, policy };
  },
});

/** The assignments that complete a row of `event`: its message is forgotten. */
export const completion = (outcome: string): Sql => sql`
  state = 'complete', outcome = ${outcome}, completed_at = now(), subject = NULL, headers = NULL, body = NULL`;

/**
 * An event that is not complete. A mediator may be faster than the intake that started it, so its row may not be
 * `started` yet.
 */
export const isOpen = sql`event.state IN ('received', 'deferred', 'started')`;

/** Marks the event of a workflow complete. Does nothing the second time. */
export const completeEvent = statement(
  'mediator-store.complete-event',
  {},
  ({ workflowId, outcome, mediatorClass }: CompleteEvent) => sql`
  UPDATE mediator_store.initiating_event AS event
  SET ${completion(outcome)}, mediator_class = coalesce(${mediatorClass ?? null}, event.mediator_class)
  WHERE event.workflow_id = ${workflowId} AND ${isOpen}`,
);

/** Completes a queued event whose request was done before, maybe long ago. */
export const completeAgain = statement(
  'mediator-store.complete-again',
  {},
  ({ workflowId, bodyHash }: { readonly workflowId: string; readonly bodyHash: string }, outcome: string) => sql`
  UPDATE mediator_store.initiating_event AS event SET ${completion(outcome)}
  WHERE event.workflow_id = ${workflowId} AND event.body_hash = ${bodyHash} AND ${isOpen}`,
);

/** A queued event that its mediator refused, as it is handed over. */
interface RefusedEventRow {
  readonly event: DeadLetter;
  /** True when it was resubmitted from that case. */
  readonly isKnown: boolean;
}

/**
 * Marks the queued event of a workflow as a dead letter, under a case id that stays. Null when the workflow has none
 * that is open. A repeat gets the same answer.
 */
export async function refuseEvent(on: SqlRunner, entry: RefuseEvent): Promise<RefusedEventRow | null> {
  const [row] = await on.run(eventToRefuse(entry));
  if (!row) return null;
  const { subject, headers, body, customerId, streamSequence } = row;
  const { consumer } = customerEventQueue;
  // The row's own instant distinguishes streams as well as the stream's would: no two events of one sequence were
  // received in one second.
  const minted = caseIdOf({ consumer, streamCreated: row.receivedAt, streamSequence });
  const caseId = row.caseId ?? minted;
  await on.execute(markRefused(entry, row, caseId));
  const about = { caseId, consumer, subject, headers, body, streamSequence, customerId };
  const { message } = entry;
  return { event: { ...about, reason: 'refused', message, problems: [] }, isKnown: caseId !== minted };
}

const refusable = {
  source: text,
  eventId: text,
  caseId: nullable(text),
  subject: text,
  headers: jsonb<Readonly<Record<string, string>>>(),
  body: bytea,
  streamSequence: bigintNumber,
  /** ISO 8601, whole seconds. */
  receivedAt: text,
  customerId: nullable(text),
};

/** The event that is open, one from a case before others; when it was marked already, that one. */
export const eventToRefuse = statement(
  'mediator-store.event-to-refuse',
  refusable,
  (entry: RefuseEvent) => sql`
  SELECT source, event_id AS "eventId", case_id AS "caseId", subject, headers, body, stream_sequence AS "streamSequence",
    to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "receivedAt", customer_id AS "customerId"
  FROM mediator_store.initiating_event AS event
  WHERE ${isOf(entry)} AND event.body IS NOT NULL AND (${isOpen} OR event.state = 'dead-lettered')
  ORDER BY (state = 'dead-lettered'), (case_id IS NULL), CASE WHEN state = 'dead-lettered' THEN -stream_sequence ELSE stream_sequence END LIMIT 1`,
);

/** Discards the other events that lead to the same workflow with the same body: they make the same request. */
export const markRefused = statement(
  'mediator-store.mark-refused',
  {},
  (entry: RefuseEvent, { source, eventId }: Pick<RowOf<typeof refusable>, 'source' | 'eventId'>, caseId: string) => sql`
  WITH doubles AS (
    UPDATE mediator_store.initiating_event AS event SET state = 'discarded', outcome = 'double', subject = NULL, headers = NULL, body = NULL
    WHERE ${isOf(entry)} AND ${isOpen} AND (event.source, event.event_id) <> (${source}, ${eventId})
  )
  UPDATE mediator_store.initiating_event AS event SET state = 'dead-lettered', case_id = ${caseId}, outcome = 'refused'
  WHERE event.source = ${source} AND event.event_id = ${eventId} AND ${isOpen}`,
);

const isOf = ({ workflowId, bodyHash }: RefuseEvent): Sql => sql`
  event.workflow_id = ${workflowId} AND event.stream_sequence IS NOT NULL
  ${bodyHash === undefined ? empty : sql`AND event.body_hash = ${bodyHash}`}`;
