import type { EventState } from '../../contracts/mediators/event-records.ts';
import type { CaseProblem } from '../../contracts/mediators/repair.ts';
import type { Database } from '../../prisma/database.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { appendAudit } from './audit.ts';
import { changing, closing, forgotten, isIn, type Noted } from './steps.ts';

/** The identity under which a resubmitted event stands in the mediator store. */
export interface ResubmittedKey {
  readonly source: string;
  readonly eventId: string;
}

/** Where a resubmitted event stands. */
export interface ResubmittedRow {
  readonly state: EventState;
  /** The case it was resubmitted from; another one's when two cases began with the same id. */
  readonly caseId: string | null;
}

/** What became of messages that were resubmitted and of which there is no word. Each change is one statement together with its audit step. */
export interface RepairReturnStore {
  /** The row of a resubmitted event; null while nobody has taken it off the queue. */
  rowOf(key: ResubmittedKey): Promise<ResubmittedRow | null>;
  /** The place that the case's message was given when it was sent last; null when nobody wrote that down. */
  sentTo(caseId: string): Promise<number | null>;
  /** The event was taken: closes the case, and lets go on what waits for the events it stands for. */
  acceptAs(key: ResubmittedKey, noted: Noted): Promise<boolean>;
  /** A person may act on the resubmitted case from now on. False when that was so. */
  overdue(noted: Noted): Promise<boolean>;
  /** Its stream has refused the message for good: the case waits for a person. */
  refused(problem: CaseProblem, noted: Noted): Promise<boolean>;
}

/** The store of one database. */
export const createRepairReturnStore = ({ prisma }: Pick<Database, 'prisma'>): RepairReturnStore => {
  const run = async (statement: Prisma.Sql) => (await prisma.$queryRaw<object[]>(statement)).length > 0;
  return {
    async rowOf({ source, eventId }) {
      const rows = await prisma.$queryRaw<ResubmittedRow[]>`
        SELECT state, case_id AS "caseId" FROM mediator_store.initiating_event WHERE source = ${source} AND event_id = ${eventId}`;
      return rows[0] ?? null;
    },
    async sentTo(caseId) {
      const rows = await prisma.$queryRaw<{ place: number | null }[]>`
        SELECT (details ->> 'streamSequence')::float8 AS place FROM repair.audit
        WHERE case_id = ${caseId} AND step = 'resubmitted' ORDER BY position DESC LIMIT 1`;
      return rows[0]?.place ?? null;
    },
    acceptAs: (key, noted) => run(acceptingAs(key, noted)),
    overdue: (noted) =>
      run(
        changing(
          Prisma.sql`waiting_since = now()`,
          Prisma.sql`${isIn('resubmitted')} AND waiting_since IS NULL`,
          noted,
        ),
      ),
    refused: (problem, noted) =>
      run(
        changing(
          Prisma.sql`state = 'waiting', waiting_since = now(), problems = ${JSON.stringify([problem])}::jsonb`,
          isIn('resubmitted'),
          noted,
        ),
      ),
  };
};

/** The row of the resubmitted event itself may be erroneous again by now: then its mediator is about to hand it over to this very case. */
const acceptingAs = ({ source, eventId }: ResubmittedKey, noted: Noted): Prisma.Sql => Prisma.sql`
  WITH changed AS (
    UPDATE repair.case SET ${closing('repaired')} WHERE case_id = ${noted.caseId} AND ${isIn('resubmitted')} RETURNING case_id
  ), repaired AS (
    UPDATE mediator_store.initiating_event AS event SET state = 'repaired', ${forgotten} FROM changed
    WHERE event.case_id = changed.case_id AND event.state = 'dead-lettered' AND (event.source, event.event_id) <> (${source}, ${eventId})
  ) SELECT ${appendAudit(noted)} FROM changed`;
