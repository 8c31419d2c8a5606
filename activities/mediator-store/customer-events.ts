import type { EventOrigin } from '../../contracts/initiating-event.ts';
import { eventStates, type EventKey } from '../../contracts/mediators/event-records.ts';
import { bigintNumber, bool, bytea, jsonb, nullable, oneOf, text, type RowOf } from '../../prisma/codec.ts';
import { isInTheWay, sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import { completion, isOpen } from './event-records.ts';

const openColumns = {
  source: text,
  eventId: text,
  name: text,
  state: oneOf(...eventStates),
  waitsUntil: nullable(oneOf('started', 'complete')),
  workflowId: nullable(text),
  customerId: text,
  caseId: nullable(text),
  place: text,
  streamSequence: bigintNumber,
  /** True for an event that the customer mediator handles itself. */
  isSimple: bool,
  /** False while the intake has not let it go on yet. */
  isRung: bool,
  /** Null in a dead letter. */
  subject: nullable(text),
  headers: nullable(jsonb<Readonly<Record<string, string>>>()),
  body: nullable(bytea),
};

/** An event that is open, or in the way of later ones. */
export type OpenEvent = RowOf<typeof openColumns>;

/**
 * Completes the event that has ended. Gives the customer's next open events in their order, and begins the first of
 * them when it is a simple one. A dead letter that its mediator has refused is in the way of none, because it may lack
 * what a later event brings.
 */
export const openEvents = statement(
  'mediator-store.open-events',
  openColumns,
  (customerId: string, ended: Pick<EventOrigin, 'source' | 'id'> | null, most: number) => sql`
  WITH ended AS (
    UPDATE mediator_store.initiating_event AS event SET ${completion('completed')}
    WHERE event.source = ${ended?.source ?? null} AND event.event_id = ${ended?.id ?? null} AND ${isOpen}
  ), open AS (
    SELECT event.source, event.event_id, event.position, event.state, event.mediator_class, event.rung_at FROM mediator_store.initiating_event AS event
    WHERE event.customer_id = ${customerId} AND event.position IS NOT NULL
      AND ${isInTheWay('event')}
      AND (event.source, event.event_id) IS DISTINCT FROM (${ended?.source ?? null}::text, ${ended?.id ?? null}::text)
    ORDER BY event.position LIMIT ${most}
  ), begun AS (
    UPDATE mediator_store.initiating_event AS event SET state = 'started', started_at = coalesce(event.started_at, clock_timestamp())
    FROM (SELECT * FROM open ORDER BY position LIMIT 1) AS head
    WHERE head.state = 'received' AND head.mediator_class = 'simple' AND head.rung_at IS NOT NULL
      AND event.source = head.source AND event.event_id = head.event_id
  )
  SELECT source, event_id AS "eventId", event.name, event.state, event.waits_until AS "waitsUntil", event.workflow_id AS "workflowId",
    event.customer_id AS "customerId", event.case_id AS "caseId", event.place, event.stream_sequence AS "streamSequence",
    event.mediator_class IS NOT DISTINCT FROM 'simple' AS "isSimple", event.rung_at IS NOT NULL AS "isRung", event.subject, event.headers, event.body
  FROM open JOIN mediator_store.initiating_event AS event USING (source, event_id)
  ORDER BY open.position`,
);

/** An event whose workflow runs, or has ended before. */
export interface StartedEvent extends EventKey {
  readonly hasEnded: boolean;
}

/**
 * Marks events started, or complete when their workflow had ended before, unless their mediator has already written a
 * later state. The start is told by the clock: the transaction may have begun before.
 */
export const markStarted = statement(
  'mediator-store.mark-started',
  {},
  (events: readonly StartedEvent[]) => sql`
  WITH given AS (
    SELECT * FROM unnest(${events.map(({ source }) => source)}::text[], ${events.map(({ eventId }) => eventId)}::text[],
      ${events.map(({ hasEnded }) => hasEnded)}::bool[]) AS given (source, event_id, has_ended)
  ), complete AS (
    UPDATE mediator_store.initiating_event AS event SET started_at = coalesce(event.started_at, clock_timestamp()), ${completion('completed')}
    FROM given WHERE given.has_ended AND event.source = given.source AND event.event_id = given.event_id AND event.state = 'received'
  )
  UPDATE mediator_store.initiating_event AS event SET started_at = coalesce(event.started_at, clock_timestamp()),
    state = CASE WHEN event.state = 'received' THEN 'started' ELSE event.state END
  FROM given WHERE NOT given.has_ended AND event.source = given.source AND event.event_id = given.event_id`,
);

/** Marks an event dead-lettered that cannot be started. The case has its bytes. */
export const markDeadLettered = statement(
  'mediator-store.mark-dead-lettered',
  {},
  ({ source, eventId }: EventKey, caseId: string) => sql`
  UPDATE mediator_store.initiating_event AS event SET state = 'dead-lettered', case_id = ${caseId}, subject = NULL, headers = NULL, body = NULL
  WHERE event.source = ${source} AND event.event_id = ${eventId} AND ${isOpen}`,
);
