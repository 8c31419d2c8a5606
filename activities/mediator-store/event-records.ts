import { eventRequestId, requestOfEvent } from '../../contracts/ids.ts';
import { customerEventQueue } from '../../contracts/customer-event-queue.ts';
import type { CompleteEvent, EventKey, EventRecords, RefuseEvent } from '../../contracts/mediators/event-records.ts';
import type { RefusalType } from '../../contracts/failures.ts';
import type { DeadLetter, RepairPolicy } from '../../contracts/mediators/repair.ts';
import { bigintNumber, bytea, jsonb, nullable, text, type RowOf } from '../../prisma/codec.ts';
import type { Database } from '../../prisma/database.ts';
import { empty, sql, type Sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import { createRepairCaseStore } from '../repair/case-store.ts';

/**
 * The mediators' records of the events that were delegated to them, as activities of their workers. `policy` is the
 * one of a repair case.
 */
export const createEventRecords = (database: Database, policy: RepairPolicy): EventRecords => ({
  async completeEvent(entry) {
    const completed = await database.run(completeEvent(entry));
    return completed.find(({ waitedFor }) => waitedFor !== null)?.waitedFor ?? null;
  },
  async refuseEvent(entry) {
    const refused = await refuseEvent(database, entry);
    if (!refused) return null;
    const { event, isKnown, waitedFor } = refused;
    await createRepairCaseStore(database).openCase(event, isKnown);
    return { caseId: event.caseId, isKnown, policy, waitedFor };
  },
});

/** The assignments that complete a row of `event`: its message is forgotten. */
export const completion = (outcome: string): Sql => sql`
  state = 'complete', outcome = ${outcome}, completed_at = now(), subject = NULL, headers = NULL, body = NULL`;

/**
 * An event that is not complete. A mediator may be faster than the customer mediator that started it, so its row may
 * not be `started` yet.
 */
export const isOpen = sql`event.state IN ('received', 'started')`;

/** The customer whose later events wait until this one is complete; null when they do not. */
const customerWaiting = sql`CASE WHEN event.waits_until = 'complete' THEN event.customer_id END AS "waitedFor"`;

/** Marks the event of a workflow complete. Does nothing the second time. */
export const completeEvent = statement(
  'mediator-store.complete-event',
  { waitedFor: nullable(text) },
  ({ workflowId, outcome, mediatorClass }: CompleteEvent) => sql`
  UPDATE mediator_store.initiating_event AS event
  SET ${completion(outcome)}, mediator_class = coalesce(${mediatorClass ?? null}, event.mediator_class)
  WHERE event.workflow_id = ${workflowId} AND ${isOpen}
  RETURNING ${customerWaiting}`,
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
export interface RefusedEventRow {
  readonly event: DeadLetter;
  /** True when it was resubmitted from that case. */
  readonly isKnown: boolean;
  /** The customer whose later events waited until it was complete. */
  readonly waitedFor: string | null;
}

/** One event by its identity, or the queued events of one workflow. */
type Refused = { readonly refusal: RefusalType; readonly message: string } & (
  EventKey | Omit<RefuseEvent, 'message' | 'refusal'>
);

/**
 * Marks a queued event as a dead letter, under a case id that stays. Null when there is none that is open. A repeat
 * gets the same answer.
 */
export async function refuseEvent(database: Database, entry: Refused): Promise<RefusedEventRow | null> {
  const [row] = await database.run(eventToRefuse(entry));
  if (!row) return null;
  const { subject, headers, body, customerId, streamSequence, place, waitedFor } = row;
  const caseId = row.caseId ?? place;
  const [marked] = await database.run(markRefused(entry, row, caseId));
  if (marked?.sequence) database.wakeRelay();
  const about = { caseId, consumer: customerEventQueue.consumer, subject, headers, body, streamSequence, customerId };
  const { message } = entry;
  const event: DeadLetter = { ...about, reason: 'refused', message, problems: [] };
  return { event, isKnown: caseId !== place, waitedFor };
}

const refusable = {
  source: text,
  eventId: text,
  caseId: nullable(text),
  subject: text,
  headers: jsonb<Readonly<Record<string, string>>>(),
  body: bytea,
  streamSequence: bigintNumber,
  place: text,
  customerId: nullable(text),
  waitedFor: nullable(text),
};

/** The event that is open, one from a case before others; when it was marked already, that one. */
export const eventToRefuse = statement(
  'mediator-store.event-to-refuse',
  refusable,
  (entry: Refused) => sql`
  SELECT source, event_id AS "eventId", case_id AS "caseId", subject, headers, body, stream_sequence AS "streamSequence", place,
    customer_id AS "customerId", ${customerWaiting}
  FROM mediator_store.initiating_event AS event
  WHERE ${isOf(entry)} AND event.body IS NOT NULL AND (${isOpen} OR event.state = 'dead-lettered')
  ORDER BY (state = 'dead-lettered'), (case_id IS NULL), CASE WHEN state = 'dead-lettered' THEN -stream_sequence ELSE stream_sequence END LIMIT 1`,
);

/**
 * Marks the event, and tells its sender with `event-refused`. Discards the other events that lead to the same
 * workflow with the same body: they make the same request.
 */
export const markRefused = statement(
  'mediator-store.mark-refused',
  { sequence: nullable(text) },
  (entry: Refused, { source, eventId }: Pick<RowOf<typeof refusable>, 'source' | 'eventId'>, caseId: string) => sql`
  WITH doubles AS (
    UPDATE mediator_store.initiating_event AS event SET state = 'discarded', outcome = 'double', subject = NULL, headers = NULL, body = NULL
    WHERE ${isOf(entry)} AND ${isOpen} AND (event.source, event.event_id) <> (${source}, ${eventId})
  ), refused AS (
    UPDATE mediator_store.initiating_event AS event SET state = 'dead-lettered', case_id = ${caseId}, outcome = 'refused'
    WHERE event.source = ${source} AND event.event_id = ${eventId} AND ${isOpen}
    RETURNING event.name, event.customer_id
  )
  SELECT outbox.record_fact('customers', 'event-refused', customer_id, jsonb_build_object('customerId', customer_id, 'name', name,
    'source', ${source}::text, 'id', ${eventId}::text, 'reason', ${entry.refusal}::text, 'caseId', ${caseId}::text),
    NULL, ${requestOfEvent(eventRequestId({ source, id: eventId }, 'email-customer'))})::text AS sequence
  FROM refused WHERE customer_id IS NOT NULL`,
);

const isOf = (entry: Refused): Sql =>
  'eventId' in entry
    ? sql`event.source = ${entry.source} AND event.event_id = ${entry.eventId}`
    : sql`event.workflow_id = ${entry.workflowId} AND event.stream_sequence IS NOT NULL
  ${entry.bodyHash === undefined ? empty : sql`AND event.body_hash = ${entry.bodyHash}`}`;
