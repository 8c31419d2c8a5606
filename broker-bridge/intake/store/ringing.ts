import { eventStates } from '../../../contracts/mediators/event-records.ts';
import { bigintNumber, bytea, int, jsonb, nullable, oneOf, text, type RowOf } from '../../../prisma/codec.ts';
import { sql, waitsForCase } from '../../../prisma/sql.ts';
import { statement } from '../../../prisma/statement.ts';
import type { EventFault } from '../../../contracts/mediators/repair.ts';
import type { EventKey, StoredMessage } from './rows.ts';

const unrungColumns = {
  source: text,
  eventId: text,
  state: oneOf(...eventStates),
  customerId: nullable(text),
  caseId: nullable(text),
  place: text,
  sequence: bigintNumber,
  /** Of a dead letter: why. */
  fault: nullable(jsonb<EventFault>()),
  /** Of a dead letter: its message. */
  subject: nullable(text),
  headers: nullable(jsonb<StoredMessage['headers']>()),
  body: nullable(bytea),
};

/** A row whose bell is not rung yet. */
export type UnrungEvent = RowOf<typeof unrungColumns>;

/** The rows whose bell is not rung, oldest first; those that start a mediator up to so many. */
export const unrungEvents = statement(
  'intake.unrung-events',
  unrungColumns,
  (most: number, mostReceived: number) => sql`
    WITH unrung AS (
      (SELECT source, event_id FROM mediator_store.initiating_event WHERE rung_at IS NULL AND state = 'received' ORDER BY position LIMIT ${mostReceived})
      UNION ALL
      (SELECT source, event_id FROM mediator_store.initiating_event WHERE rung_at IS NULL AND state <> 'received' ORDER BY position LIMIT ${most})
    )
    SELECT source, event_id AS "eventId", state, customer_id AS "customerId", case_id AS "caseId", place, stream_sequence AS sequence, fault,
      CASE WHEN state = 'dead-lettered' THEN subject END AS subject, CASE WHEN state = 'dead-lettered' THEN headers END AS headers,
      CASE WHEN state = 'dead-lettered' THEN body END AS body
    FROM unrung JOIN mediator_store.initiating_event USING (source, event_id)
    ORDER BY position`,
);

/** Notes the bells as rung. A dead letter's message is forgotten: its case has it. */
export const markRung = statement(
  'intake.mark-rung',
  {},
  (events: readonly EventKey[]) => sql`
    UPDATE mediator_store.initiating_event AS event SET rung_at = clock_timestamp(),
      fault = NULL,
      subject = CASE WHEN event.fault IS NULL THEN event.subject END,
      headers = CASE WHEN event.fault IS NULL THEN event.headers END,
      body = CASE WHEN event.fault IS NULL THEN event.body END
    FROM unnest(${events.map(({ source }) => source)}::text[], ${events.map(({ eventId }) => eventId)}::text[]) AS given (source, event_id)
    WHERE event.source = given.source AND event.event_id = given.event_id`,
);

/**
 * Takes back the notes of bells of the last minute: the ring that was noted may not have followed. Of repaired events
 * only where others wait behind them: the rest stay as they are, and would be rung for at every start.
 */
export const ringAgain = statement(
  'intake.ring-again',
  {},
  () => sql`
    UPDATE mediator_store.initiating_event AS event SET rung_at = NULL
    WHERE state IN ('received', 'repaired') AND rung_at > now() - interval '1 minute' AND (state = 'received' OR EXISTS (
      SELECT FROM mediator_store.initiating_event AS waiting
      WHERE waiting.customer_id = event.customer_id AND waiting.state = 'received'))`,
);

/**
 * Counts up to so many events that were rung within the last minute and are not complete: the present load of the
 * mediators. Those that wait for long soon count no more, and those that wait for a repair case never.
 */
export const countUnderWay = statement(
  'intake.count-under-way',
  { underWay: int },
  (most: number) => sql`
    SELECT count(*)::int AS "underWay" FROM (
      SELECT FROM mediator_store.initiating_event AS event
      WHERE event.state IN ('received', 'started') AND event.rung_at > now() - interval '1 minute' AND NOT ${waitsForCase}
      LIMIT ${most}
    ) AS young`,
);
