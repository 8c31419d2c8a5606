import type { MediatorClass } from '../../../contracts/initiating-event.ts';
import { bigintNumber, bool, jsonb, nullable, text } from '../../../prisma/codec.ts';
import { raw, sql, type Sql } from '../../../prisma/sql.ts';
import { statement } from '../../../prisma/statement.ts';
import { claimOf } from './claim.ts';
import type { Asked, KnownRow, NewRow } from './rows.ts';

/** A row as it is known to an asked event. */
const asKnown = (row: 'event' | 'other'): Sql => {
  const of = (column: string): Sql => raw(`${row}.${column}`);
  return sql`CASE WHEN ${of('source')} IS NOT NULL THEN jsonb_build_object(
    'isItself', coalesce(${of('place')} = asked.place, false),
    'name', ${of('name')}, 'bodyHash', ${of('body_hash')}, 'state', ${of('state')}, 'caseId', ${of('case_id')},
    'isReadable', ${of('workflow_id')} IS NOT NULL) END`;
};

/**
 * Looks each asked event up by its identity, by its case, and by the workflow that it would be delegated to. A claimed
 * case counts only while its message is on its way back, and only for the message that was sent.
 */
export const lookUp = statement(
  'intake.look-up',
  {
    place: text,
    row: nullable(jsonb<KnownRow>()),
    otherRow: nullable(jsonb<KnownRow>()),
    claimedCase: nullable(text),
    claimedPosition: nullable(bigintNumber),
    isUsed: bool,
    outcome: nullable(text),
  },
  (asked: readonly Asked[]) => sql`
    WITH asked AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(asked.map(askedRow))}::jsonb) AS asked (place text, source text, event_id text,
        other_source text, other_id text, workflow_id text, body_hash text, claimed_case text)
    )
    SELECT asked.place, ${asKnown('event')} AS row, ${asKnown('other')} AS "otherRow",
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
        WHERE other.workflow_id = asked.workflow_id AND other.state IN ('received', 'started', 'complete')
          AND (other.source, other.event_id) <> (asked.source, asked.event_id)
        UNION ALL
        SELECT flow.body_hash, flow.outcome FROM mediator_store.flow
        WHERE asked.workflow_id LIKE 'order/%' AND flow.request_id = substr(asked.workflow_id, 7)
      ) AS known
    ) AS request ON true`,
);

const askedRow = ({ place, key, otherKey, workflowId, bodyHash, claimedCase }: Asked) => ({
  place,
  source: key?.source,
  event_id: key?.eventId,
  other_source: otherKey.source,
  other_id: otherKey.eventId,
  workflow_id: workflowId,
  body_hash: bodyHash,
  claimed_case: claimedCase,
});

/** The assignments of a dead letter whose event was accepted under another row. Its bell is to be rung. */
const repaired = sql`state = 'repaired', completed_at = now(), rung_at = NULL, fault = NULL, subject = NULL, headers = NULL, body = NULL`;

/**
 * Writes the rows in the order of the queue, while the claim of this term holds; a row that exists stays as it is. The
 * dead letters whose events they are, or whose cases are accepted, are repaired with it. `isClaimed` is false when the
 * term is over: nothing was written then.
 */
export const writeRows = statement(
  'intake.write-rows',
  { isClaimed: bool },
  (term: string, rows: readonly NewRow[], acceptedCases: readonly string[]) => sql`
    WITH claim AS MATERIALIZED (${claimOf(term)}), written AS (
      INSERT INTO mediator_store.initiating_event (source, event_id, name, mediator_class, waits_until, customer_id, body_hash, workflow_id, state,
        stream_sequence, place, position, case_id, fault, subject, headers, body, outcome, completed_at)
      SELECT source, "eventId", name, "mediatorClass", "waitsUntil", "customerId", "bodyHash", "workflowId", state,
        sequence, place, coalesce(position, nextval('mediator_store.event_position')), "caseId", fault, subject, headers,
        decode(body, 'base64'), outcome, CASE WHEN state = 'complete' THEN now() END
      FROM (SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows.map(newRow))}::jsonb) AS given (source text, "eventId" text, name text,
        "mediatorClass" text, "waitsUntil" text, "customerId" text, "bodyHash" text, "workflowId" text, state text, sequence bigint, place text,
        position bigint, "caseId" text, fault jsonb, subject text, headers jsonb, body text, outcome text), claim ORDER BY sequence) AS given
      ON CONFLICT (source, event_id) DO NOTHING
    ), repaired AS (
      UPDATE mediator_store.initiating_event AS event SET ${repaired}
      FROM claim WHERE event.case_id = ANY (${acceptedCases}::text[]) AND event.state = 'dead-lettered'
    )
    SELECT EXISTS (SELECT FROM claim) AS "isClaimed"`,
);

const newRow = ({ message, ...row }: NewRow) => ({
  ...row,
  ...message,
  body: message && Buffer.from(message.body).toString('base64'),
});

/** JetStream does not deliver this message any more. */
export interface LostMessage {
  readonly sequence: number;
  readonly caseId: string;
  readonly customerId: string | null;
  readonly name: string;
  /** Null for a name that is not in the catalogue. */
  readonly mediatorClass: MediatorClass | null;
}

/** Notes a message as a dead letter that was never recorded. `isLost` is the same when it is noted again. */
export const noteLost = statement(
  'intake.note-lost',
  { isLost: bool },
  ({ sequence, caseId, customerId, name, mediatorClass }: LostMessage) => sql`
    WITH added AS (
      INSERT INTO mediator_store.initiating_event (source, event_id, name, mediator_class, customer_id, body_hash, state, stream_sequence, place,
        position, case_id, rung_at)
      SELECT 'unreadable', ${caseId}::text, ${name}::text, ${mediatorClass}::text, ${customerId}::text, '', 'dead-lettered', ${sequence}::bigint,
        ${caseId}::text, nextval('mediator_store.event_position'), ${caseId}::text, now()
      WHERE NOT EXISTS (SELECT FROM mediator_store.initiating_event WHERE place = ${caseId})
      ON CONFLICT DO NOTHING RETURNING 1
    )
    SELECT EXISTS (SELECT FROM added)
      OR EXISTS (SELECT FROM mediator_store.initiating_event WHERE place = ${caseId} AND source = 'unreadable' AND state = 'dead-lettered') AS "isLost"`,
);
