import type { MediatorClass } from '../../../contracts/initiating-event.ts';
import { bigintNumber, bool, bytea, int, jsonb, nullable, text } from '../../../prisma/codec.ts';
import { sql } from '../../../prisma/sql.ts';
import { statement } from '../../../prisma/statement.ts';
import { isInTheWay, recordedTo } from './recording.ts';
import type { DeadLettered, Started, StoredMessage } from './rows.ts';

/**
 * Locks the deferred events whose turn has come, oldest first; and the received ones of an intake that has been gone
 * for long, whose messages are not delivered again.
 */
export const lockResumable = statement(
  'intake.lock-resumable',
  {
    source: text,
    eventId: text,
    sequence: bigintNumber,
    caseId: nullable(text),
    subject: text,
    headers: jsonb<StoredMessage['headers']>(),
    body: bytea,
    /** True when its sequence is one of the stream as it is now. */
    isOfThisStream: bool,
    receivedAt: text,
  },
  (stream: string, most: number) => sql`
    SELECT event.source, event.event_id AS "eventId", event.stream_sequence AS sequence, event.case_id AS "caseId",
      event.subject, event.headers, event.body,
      coalesce(event.position = event.stream_sequence + (SELECT base FROM mediator_store.recorded WHERE stream = ${stream}), false) AS "isOfThisStream",
      to_char(event.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "receivedAt"
    FROM mediator_store.initiating_event AS event
    WHERE event.state IN ('deferred', 'received') AND (event.state = 'deferred' OR event.received_at < now() - interval '2 minutes')
      AND event.body IS NOT NULL AND event.position <= ${recordedTo(stream)} + 1 AND NOT ${isInTheWay}
    ORDER BY event.position LIMIT ${most} FOR UPDATE OF event SKIP LOCKED`,
);

/** Counts the deferred events. `hasGap`: one of them waits for a position that no intake has recorded. */
export const countDeferred = statement(
  'intake.count-deferred',
  { deferred: int, hasGap: bool },
  (stream: string) => sql`
    SELECT count(*)::int AS deferred, coalesce(bool_or(position > ${recordedTo(stream)} + 1), false) AS "hasGap"
    FROM mediator_store.initiating_event WHERE state = 'deferred'`,
);

/**
 * Counts up to so many workflows that were started within the last minute and are not complete. Those that wait for
 * long soon count no more.
 */
export const countUnderWay = statement(
  'intake.count-under-way',
  { underWay: int },
  (most: number) => sql`
    SELECT count(*)::int AS "underWay" FROM (
      SELECT FROM mediator_store.initiating_event WHERE state = 'started' AND started_at > now() - interval '1 minute' LIMIT ${most}
    ) AS young`,
);

/**
 * Notes the messages before this sequence, which the stream no longer holds, as recorded: each was, or an operator has
 * removed it.
 */
export const noteGone = statement(
  'intake.note-gone',
  {},
  (stream: string, firstSequence: number) => sql`
    UPDATE mediator_store.recorded SET ranges = ranges + int8multirange(int8range(base + 1, base + ${firstSequence}::bigint))
    WHERE stream = ${stream} AND ${firstSequence}::bigint > 1`,
);

/**
 * Marks events started, or complete when their workflow had ended before, unless their mediator has already written a
 * later state. The dead letters that they replace are repaired; a resubmitted event that its mediator has refused
 * already stays dead-lettered. The transaction may have begun before the event was complete that this one waited for:
 * the start is told by the clock.
 */
export const markStarted = statement(
  'intake.mark-started',
  {},
  (events: readonly Started[]) => sql`
    WITH given AS (
      SELECT * FROM unnest(${events.map(({ source }) => source)}::text[], ${events.map(({ eventId }) => eventId)}::text[],
        ${events.map(({ caseId }) => caseId)}::text[], ${events.map(({ hasEnded }) => hasEnded)}::bool[]) AS given (source, event_id, case_id, has_ended)
    ), repaired AS (
      UPDATE mediator_store.initiating_event AS event SET state = 'repaired', completed_at = now(), subject = NULL, headers = NULL, body = NULL
      FROM given WHERE event.case_id = given.case_id AND event.state = 'dead-lettered' AND (event.source, event.event_id) <> (given.source, given.event_id)
    ), started AS (
      UPDATE mediator_store.initiating_event AS event SET started_at = coalesce(event.started_at, clock_timestamp()),
        state = CASE WHEN event.state IN ('received', 'deferred') THEN 'started' ELSE event.state END
      FROM given WHERE NOT given.has_ended AND event.source = given.source AND event.event_id = given.event_id
    )
    UPDATE mediator_store.initiating_event AS event SET started_at = coalesce(event.started_at, clock_timestamp()), completed_at = now(), state = 'complete',
      outcome = 'completed', subject = NULL, headers = NULL, body = NULL
    FROM given WHERE given.has_ended AND event.source = given.source AND event.event_id = given.event_id AND event.state IN ('received', 'deferred')`,
);

/** Marks the dead letter of a case repaired: its event was accepted without a row of its own. */
export const markRepaired = statement(
  'intake.mark-repaired',
  {},
  (caseId: string) => sql`
    UPDATE mediator_store.initiating_event AS event SET state = 'repaired', completed_at = now(), subject = NULL, headers = NULL, body = NULL
    WHERE event.case_id = ${caseId} AND event.state = 'dead-lettered'`,
);

/**
 * Resubmitted events that were started, or discarded as the double of another one, while the dead letter that they
 * replace still stands: their intake died before it notified the case.
 */
export const unnotifiedCases = statement(
  'intake.unnotified-cases',
  { source: text, eventId: text, caseId: text, hasEnded: bool },
  (most: number) => sql`
    SELECT other.source, other.event_id AS "eventId", event.case_id AS "caseId", false AS "hasEnded" FROM mediator_store.initiating_event AS event
    JOIN LATERAL (
      SELECT source, event_id FROM mediator_store.initiating_event AS one
      WHERE one.case_id = event.case_id AND (one.state IN ('started', 'complete') OR (one.state = 'discarded' AND one.outcome = 'double')) LIMIT 1
    ) AS other ON true
    WHERE event.state = 'dead-lettered' LIMIT ${most}`,
);

/** Marks events dead-lettered that could not be started. The case has their bytes. */
export const markDeadLettered = statement(
  'intake.mark-dead-lettered',
  {},
  (events: readonly DeadLettered[]) => sql`
    UPDATE mediator_store.initiating_event AS event SET state = 'dead-lettered', case_id = given.case_id, subject = NULL, headers = NULL, body = NULL
    FROM unnest(${events.map(({ source }) => source)}::text[], ${events.map(({ eventId }) => eventId)}::text[],
      ${events.map(({ caseId }) => caseId)}::text[]) AS given (source, event_id, case_id)
    WHERE event.source = given.source AND event.event_id = given.event_id AND event.state IN ('received', 'deferred')`,
);

/** JetStream does not deliver this message any more. */
export interface LostMessage {
  readonly sequence: number;
  readonly caseId: string;
  readonly customerId: string | null;
  readonly name: string;
  /** Null for a name that is not in the catalogue. */
  readonly mediatorClass: MediatorClass | null;
}

/**
 * Marks the event of a lost message dead-lettered, unless its row says that it went on. `isLost` is the same when it is
 * noted again.
 */
export const noteLost = statement(
  'intake.note-lost',
  { isLost: bool },
  (stream: string, { sequence, caseId, customerId, name, mediatorClass }: LostMessage) => sql`
    WITH stream AS (
      UPDATE mediator_store.recorded SET ranges = ranges + int8multirange(int8range(base + ${sequence}::bigint, base + ${sequence}::bigint + 1))
      WHERE stream = ${stream} RETURNING base
    ), there AS (
      SELECT event.source, event.event_id, event.state, event.case_id FROM mediator_store.initiating_event AS event, stream
      WHERE event.stream_sequence = ${sequence}::bigint AND event.position = stream.base + ${sequence}::bigint
    ), marked AS (
      UPDATE mediator_store.initiating_event AS event SET state = 'dead-lettered', case_id = ${caseId}, subject = NULL, headers = NULL, body = NULL
      FROM there WHERE there.state = 'received' AND event.source = there.source AND event.event_id = there.event_id RETURNING 1
    ), added AS (
      INSERT INTO mediator_store.initiating_event (source, event_id, name, mediator_class, customer_id, body_hash, state, stream_sequence, position, case_id)
      SELECT 'unreadable', ${caseId}::text, ${name}::text, ${mediatorClass}::text, ${customerId}::text, '', 'dead-lettered', ${sequence}::bigint,
        base + ${sequence}::bigint, ${caseId}::text
      FROM stream WHERE NOT EXISTS (SELECT FROM there)
      ON CONFLICT DO NOTHING RETURNING 1
    )
    SELECT EXISTS (SELECT FROM marked) OR EXISTS (SELECT FROM added) OR NOT EXISTS (SELECT FROM stream)
      OR EXISTS (SELECT FROM there WHERE state = 'dead-lettered' AND case_id = ${caseId}) AS "isLost"`,
);
