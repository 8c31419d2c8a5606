import { eventStates, type EventKey } from '../../contracts/mediators/event-records.ts';
import { caseReasons, caseStates, type CaseProblem, type CaseState } from '../../contracts/mediators/repair.ts';
import { arrayOf, bytea, double, instant, int, jsonb, nullable, oneOf, text, type RowOf } from '../../prisma/codec.ts';
import { sql, type Sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import { appendAudit, auditColumn, type AuditEntry } from './audit.ts';

const caseColumns = {
  caseId: text,
  consumer: text,
  subject: text,
  headers: jsonb<Readonly<Record<string, string>>>(),
  /** As a person has corrected them, by lower-case name; an empty one leaves its header out. */
  correctedHeaders: jsonb<Readonly<Record<string, string>>>(),
  /** Null once the case is closed. */
  body: nullable(bytea),
  /** Null before the first change, and once the case is closed. */
  proposal: nullable(bytea),
  customerId: nullable(text),
  reason: oneOf(...caseReasons),
  message: text,
  problems: jsonb<readonly CaseProblem[]>(),
  state: oneOf(...caseStates),
  rules: arrayOf(text),
  resubmissions: int,
  owner: nullable(text),
  waitingSince: nullable(instant),
};

/** A case with its message. */
export type CaseMessage = RowOf<typeof caseColumns>;

/** The message as the rules, or a person, have changed it. */
export interface Proposal {
  readonly body: Uint8Array;
  readonly problems: readonly CaseProblem[];
  /** The rules that were applied just now. */
  readonly rules: readonly string[];
  /** The headers that a person has corrected just now. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

const selectedColumns = sql`case_id AS "caseId", consumer, subject, headers,
  corrected_headers AS "correctedHeaders", body, proposal, customer_id AS "customerId", reason,
  message, problems, state, rules, resubmissions, owner, waiting_since AS "waitingSince"`;

/** The case of an id. */
export const readCase = statement(
  'repair.read-case',
  caseColumns,
  (caseId: string) => sql`SELECT ${selectedColumns} FROM repair.case WHERE case_id = ${caseId}`,
);

/** Changes a case that is in a state of `from`, together with its step in the audit trail. */
export const changeCase = statement(
  'repair.change-case',
  { ...caseColumns, ...auditColumn },
  (set: Sql, from: Sql, entry: AuditEntry) => sql`
  WITH changed AS (UPDATE repair.case SET ${set} WHERE case_id = ${entry.caseId} AND ${from} RETURNING ${selectedColumns})
  SELECT changed.*, ${appendAudit(entry)} FROM changed`,
);

/** True in one of these states. */
export const isIn = (...states: readonly CaseState[]): Sql => sql`state = ANY (${[...states]})`;

/** True also of a resubmitted case that is overdue. */
export const waitsForPerson = sql`(state = 'waiting' OR (state = 'resubmitted' AND waiting_since IS NOT NULL))`;

const proposed = ({ body, problems, rules, headers = {} }: Proposal): Sql => sql`
  proposal = ${Buffer.from(body)}, corrected_headers = corrected_headers || ${JSON.stringify(headers)}::jsonb, problems = ${JSON.stringify(problems)}::jsonb,
  rules = rules || ARRAY(SELECT name FROM unnest(${[...rules]}::text[]) AS name WHERE name <> ALL (rules))`;

/** The assignments of a case whose message goes back. */
export const resubmitted = (proposal: Proposal): Sql => sql`
  ${proposed(proposal)}, state = 'resubmitted', resubmissions = resubmissions + 1, waiting_since = NULL`;

/** The assignments of a case that waits for a person from now on. */
export const waiting = (proposal: Proposal): Sql =>
  sql`${proposed(proposal)}, state = 'waiting', waiting_since = now()`;

/** The assignments that close a case. Its message is forgotten. */
export const closed = (as: 'repaired' | 'discarded'): Sql => sql`
  state = ${as}, closed_at = now(), waiting_since = NULL, body = NULL, proposal = NULL`;

/** The assignments that end the row of an event without completing it. */
const forgotten = sql`completed_at = now(), subject = NULL, headers = NULL, body = NULL`;

/** Discards a case and its event. */
export const discardCase = statement(
  'repair.discard-case',
  auditColumn,
  (entry: AuditEntry) => sql`
  WITH changed AS (
    UPDATE repair.case SET ${closed('discarded')} WHERE case_id = ${entry.caseId} AND ${waitsForPerson} RETURNING case_id
  ), given_up AS (
    UPDATE mediator_store.initiating_event AS event SET state = 'discarded', ${forgotten} FROM changed
    WHERE event.case_id = changed.case_id AND event.state = 'dead-lettered'
  ) SELECT ${appendAudit(entry)} FROM changed`,
);

/**
 * Closes the case of an accepted event. That event's own row may be a dead letter again by now: then its mediator is
 * about to hand it over to this very case, and the row stays.
 */
export const acceptEvent = statement(
  'repair.accept-event',
  auditColumn,
  ({ source, eventId }: EventKey, entry: AuditEntry) => sql`
  WITH changed AS (
    UPDATE repair.case SET ${closed('repaired')} WHERE case_id = ${entry.caseId} AND ${isIn('resubmitted')} RETURNING case_id
  ), repaired AS (
    UPDATE mediator_store.initiating_event AS event SET state = 'repaired', ${forgotten} FROM changed
    WHERE event.case_id = changed.case_id AND event.state = 'dead-lettered' AND (event.source, event.event_id) <> (${source}, ${eventId})
  ) SELECT ${appendAudit(entry)} FROM changed`,
);

/** Adds a step to the trail. */
export const noteStep = statement(
  'repair.note-step',
  auditColumn,
  (entry: AuditEntry) => sql`SELECT ${appendAudit(entry)}`,
);

const eventColumns = { state: oneOf(...eventStates), caseId: nullable(text) };

/** The row of a resubmitted event. */
export type ResubmittedEvent = RowOf<typeof eventColumns>;

/** The state of a resubmitted event, and the case it was resubmitted from. */
export const resubmittedEvent = statement(
  'repair.resubmitted-event',
  eventColumns,
  ({ source, eventId }: EventKey) => sql`
  SELECT state, case_id AS "caseId" FROM mediator_store.initiating_event WHERE source = ${source} AND event_id = ${eventId}`,
);

/** The place of the case's last message in its stream. */
export const lastPlace = statement(
  'repair.last-place',
  { place: nullable(double) },
  (caseId: string) => sql`
  SELECT (details ->> 'streamSequence')::float8 AS place FROM repair.audit
  WHERE case_id = ${caseId} AND step = 'resubmitted' ORDER BY position DESC LIMIT 1`,
);
