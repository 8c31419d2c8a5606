import { eventStates } from '../../../contracts/mediators/event-records.ts';
import { bigintNumber, bool, jsonb, nullable, oneOf, text } from '../../../prisma/codec.ts';
import { raw, sql, type Sql } from '../../../prisma/sql.ts';
import { statement } from '../../../prisma/statement.ts';
import type { Asked, EventKey, KnownRow, NewRow } from './rows.ts';

/** Locks the stream's row, or makes it. The positions of a new stream go on after the highest there is. */
export const lockStream = statement(
  'intake.lock-stream',
  { base: bigintNumber },
  (stream: string) => sql`
    INSERT INTO mediator_store.recorded AS recorded (stream, base, ranges)
    VALUES (${stream}, (SELECT coalesce(max(position), 0) FROM mediator_store.initiating_event), '{}')
    ON CONFLICT (stream) DO UPDATE SET stream = excluded.stream
    RETURNING base`,
);

/**
 * A row as it is known to an asked event. A resubmitted event is recognised by its case, because its row has the
 * position of the event that it replaces; any other one by sequence and position, because a sequence of a stream that
 * was made anew means another message.
 */
const asKnown = (row: 'event' | 'other', base: number): Sql => {
  const of = (column: string): Sql => raw(`${row}.${column}`);
  return sql`CASE WHEN ${of('source')} IS NOT NULL THEN jsonb_build_object(
    'isItself', coalesce(${of('stream_sequence')} = asked.sequence
      AND (${of('position')} = ${base}::bigint + asked.sequence OR ${of('case_id')} = asked.claimed_case), false),
    'name', ${of('name')}, 'bodyHash', ${of('body_hash')}, 'state', ${of('state')}, 'caseId', ${of('case_id')},
    'isReadable', ${of('workflow_id')} IS NOT NULL) END`;
};

/**
 * Looks each asked event up by its identity, by its case, and by its workflow. A claimed case counts only while its
 * message is on its way back, and only for the message that was sent.
 */
export const lookUp = statement(
  'intake.look-up',
  {
    sequence: bigintNumber,
    row: nullable(jsonb<KnownRow>()),
    otherRow: nullable(jsonb<KnownRow>()),
    claimedCase: nullable(text),
    claimedPosition: nullable(bigintNumber),
    isUsed: bool,
    outcome: nullable(text),
  },
  (asked: readonly Asked[], base: number) => sql`
    WITH asked AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(asked.map(askedRow))}::jsonb) AS asked (sequence bigint, source text, event_id text,
        other_source text, other_id text, workflow_id text, body_hash text, claimed_case text)
    )
    SELECT asked.sequence, ${asKnown('event', base)} AS row, ${asKnown('other', base)} AS "otherRow",
      claimed.case_id AS "claimedCase", claimed.position AS "claimedPosition", coalesce(request.is_used, false) AS "isUsed", request.outcome
    FROM asked
    LEFT JOIN mediator_store.initiating_event AS event ON event.source = asked.source AND event.event_id = asked.event_id
    LEFT JOIN mediator_store.initiating_event AS other ON other.source = asked.other_source AND other.event_id = asked.other_id
    LEFT JOIN LATERAL (
      SELECT replaced.case_id, replaced.position FROM mediator_store.initiating_event AS replaced
      JOIN repair.case AS sent ON sent.case_id = replaced.case_id
      WHERE replaced.case_id = asked.claimed_case AND replaced.state = 'dead-lettered'
        AND sent.state = 'resubmitted' AND asked.event_id LIKE '%~' || sent.resubmissions
      ORDER BY replaced.position LIMIT 1
    ) AS claimed ON true
    LEFT JOIN LATERAL (
      SELECT bool_or(known.body_hash <> asked.body_hash) AS is_used, max(known.outcome) AS outcome FROM (
        SELECT other.body_hash, CASE WHEN other.state = 'complete' THEN other.outcome END AS outcome
        FROM mediator_store.initiating_event AS other
        WHERE other.workflow_id = asked.workflow_id AND other.state IN ('received', 'deferred', 'started', 'complete')
          AND (other.source, other.event_id) <> (asked.source, asked.event_id)
        UNION ALL
        SELECT flow.body_hash, flow.outcome FROM mediator_store.flow
        WHERE asked.workflow_id LIKE 'order/%' AND flow.request_id = substr(asked.workflow_id, 7)
      ) AS known
    ) AS request ON true`,
);

const askedRow = ({ sequence, key, otherKey, workflowId, bodyHash, claimedCase }: Asked) => ({
  sequence,
  source: key?.source,
  event_id: key?.eventId,
  other_source: otherKey.source,
  other_id: otherKey.eventId,
  workflow_id: workflowId,
  body_hash: bodyHash,
  claimed_case: claimedCase,
});

/** Writes the rows, and notes these sequences of the stream as recorded. A row that exists stays as it is. */
export const writeRows = statement(
  'intake.write-rows',
  {},
  (stream: string, base: number, rows: readonly NewRow[], sequences: readonly number[]) => sql`
    WITH recorded AS (
      UPDATE mediator_store.recorded SET ranges = ranges + ${rangesOf(base, sequences)}::int8multirange WHERE stream = ${stream}
    )
    INSERT INTO mediator_store.initiating_event (source, event_id, name, mediator_class, waits_until, customer_id, body_hash, workflow_id, state,
      stream_sequence, position, case_id, subject, headers, body, outcome, completed_at)
    SELECT source, "eventId", name, "mediatorClass", "waitsUntil", "customerId", "bodyHash", "workflowId", state,
      sequence, position, "caseId", subject, headers, decode(body, 'base64'), outcome, CASE WHEN state = 'complete' THEN now() END
    FROM jsonb_to_recordset(${JSON.stringify(rows.map((row) => newRow(row, base)))}::jsonb) AS given (source text, "eventId" text, name text,
      "mediatorClass" text, "waitsUntil" text, "customerId" text, "bodyHash" text, "workflowId" text, state text, sequence bigint,
      position bigint, "caseId" text, subject text, headers jsonb, body text, outcome text)
    ORDER BY sequence
    ON CONFLICT (source, event_id) DO NOTHING`,
);

const rangesOf = (base: number, sequences: readonly number[]): string =>
  `{${sequences.map((sequence) => `[${base + sequence},${base + sequence}]`).join(',')}}`;

const newRow = ({ message, ...row }: NewRow, base: number) => ({
  ...row,
  ...message,
  position: row.position ?? base + row.sequence,
  body: message && Buffer.from(message.body).toString('base64'),
});

/** The last position up to which every message is recorded. The events up to the next one can go on. */
export const recordedTo = (stream: string): Sql => sql`(
  SELECT coalesce(max(upper(range)) - 1, recorded.base) FROM mediator_store.recorded AS recorded
  LEFT JOIN LATERAL unnest(recorded.ranges) AS range ON range @> (recorded.base + 1)
  WHERE recorded.stream = ${stream} GROUP BY recorded.base)`;

/**
 * True when an earlier event of the same customer is in the way of `event`. An event that its mediator has refused is
 * in the way of none, because it may lack what a later one brings. `OFFSET 0` makes the planner look each event up by
 * itself, however many it expects.
 */
export const isInTheWay = sql`EXISTS (
  SELECT FROM mediator_store.initiating_event AS earlier WHERE earlier.customer_id = event.customer_id AND earlier.position < event.position
    AND (earlier.state IN ('received', 'deferred', 'dead-lettered') OR (earlier.state = 'started' AND earlier.waits_until = 'complete'))
    AND (earlier.state <> 'dead-lettered' OR earlier.outcome IS DISTINCT FROM 'refused')
  OFFSET 0)`;

/** Defers the events that cannot go on yet, and gives the state of each event. */
export const deferWaiting = statement(
  'intake.defer-waiting',
  { source: text, eventId: text, state: oneOf(...eventStates), caseId: nullable(text) },
  (stream: string, events: readonly EventKey[]) => sql`
    WITH waiting AS MATERIALIZED (
      SELECT event.source, event.event_id, event.state, event.case_id,
        event.state = 'received' AND (event.position > ${recordedTo(stream)} + 1 OR ${isInTheWay}) AS waits
      FROM ${keysOf(events)} AS given (source, event_id)
      JOIN mediator_store.initiating_event AS event ON event.source = given.source AND event.event_id = given.event_id
    ), deferred AS (
      UPDATE mediator_store.initiating_event AS event SET state = 'deferred' FROM waiting
      WHERE waiting.waits AND event.source = waiting.source AND event.event_id = waiting.event_id
    )
    SELECT source, event_id AS "eventId", CASE WHEN waits THEN 'deferred' ELSE state END AS state, case_id AS "caseId" FROM waiting`,
);

const keysOf = (events: readonly EventKey[]): Sql =>
  sql`unnest(${events.map(({ source }) => source)}::text[], ${events.map(({ eventId }) => eventId)}::text[])`;
