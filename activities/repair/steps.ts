import type { CaseStep } from '../../contracts/mediators/repair-steps.ts';
import type { AuditStepName, CaseProblem, CaseReason, CaseState } from '../../contracts/mediators/repair.ts';
import type { Database } from '../../prisma/database.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { appendAudit } from './audit.ts';

/** A case with its message. */
export interface CaseMessage {
  readonly caseId: string;
  readonly consumer: string;
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Null once the case is closed. */
  readonly body: Uint8Array | null;
  /** Null when nothing was changed yet, and once the case is closed. */
  readonly proposal: Uint8Array | null;
  readonly customerId: string | null;
  readonly reason: CaseReason;
  readonly message: string;
  readonly problems: readonly CaseProblem[];
  readonly state: CaseState;
  readonly rules: readonly string[];
  readonly resubmissions: number;
  readonly owner: string | null;
  readonly waitingSince: Date | null;
}

/** A case that is not closed. */
export type OpenCase = Pick<CaseMessage, 'caseId' | 'customerId'>;

/** What the rules, or a person, made of the message. */
export interface Proposal {
  readonly body: Uint8Array;
  readonly problems: readonly CaseProblem[];
  /** The rules that were applied just now. */
  readonly rules: readonly string[];
}

/** A step, as the audit trail is to have it. */
export interface Noted extends CaseStep {
  readonly step: AuditStepName;
  readonly actor: string | null;
  readonly details: object;
}

/**
 * The workflow processor's records. Each change is one statement together with its audit step, and resolves with the case as it is then; with undefined when
 * it was not made now.
 */
export interface RepairStepStore {
  read(caseId: string): Promise<CaseMessage | undefined>;
  /** Whether a step was made by an earlier attempt. */
  wasNoted(stepId: string): Promise<boolean>;
  /** A case whose message goes back, by the rules or by a person: then the case must have waited for one. */
  send(proposal: Proposal, by: 'rules' | 'person', noted: Noted): Promise<CaseMessage | undefined>;
  /** A case that waits for a person from now on, with what the rules made of it. */
  wait(proposal: Proposal, noted: Noted): Promise<CaseMessage | undefined>;
  take(owner: string, noted: Noted): Promise<CaseMessage | undefined>;
  /** The resubmitted message was taken: closes the case and forgets its message. */
  accept(noted: Noted): Promise<CaseMessage | undefined>;
  /** A case that waits for a person is given up, and its message forgotten; so is the event, and later ones of its customer need not wait for it. */
  discard(noted: Noted): Promise<boolean>;
  /** Only adds to the trail. */
  note(noted: Noted): Promise<void>;
  /** Every case that is not closed, oldest first, with its customer. */
  openCases(): Promise<readonly OpenCase[]>;
}

/** The store of one database. */
export const createRepairStepStore = ({ prisma }: Pick<Database, 'prisma'>): RepairStepStore => {
  const change = async (set: Prisma.Sql, from: Prisma.Sql, noted: Noted): Promise<CaseMessage | undefined> =>
    (await prisma.$queryRaw<CaseMessage[]>(changing(set, from, noted)))[0];
  return {
    read: async (caseId) => (await prisma.$queryRaw<CaseMessage[]>(reading(caseId)))[0],
    wasNoted: async (stepId) => {
      const rows = await prisma.$queryRaw<object[]>`SELECT FROM repair.audit WHERE step_id = ${stepId}`;
      return rows.length > 0;
    },
    send: (proposal, by, noted) =>
      change(sending(proposal), by === 'rules' ? isIn('repairing') : waitsForAPerson, noted),
    wait: (proposal, noted) => change(waiting(proposal), isIn('repairing'), noted),
    take: (owner, noted) => change(Prisma.sql`owner = ${owner}`, isIn('repairing', 'waiting', 'resubmitted'), noted),
    accept: (noted) => change(closing('repaired'), isIn('resubmitted'), noted),
    discard: async (noted) => (await prisma.$queryRaw<object[]>(discarding(noted))).length > 0,
    note: async (noted) => {
      await prisma.$queryRaw`SELECT ${appendAudit(noted)}`;
    },
    openCases: () => prisma.$queryRaw`
      SELECT case_id AS "caseId", customer_id AS "customerId" FROM repair.case WHERE closed_at IS NULL ORDER BY opened_at`,
  };
};

const columns = Prisma.sql`case_id AS "caseId", consumer, subject, headers, body, proposal, customer_id AS "customerId", reason, message, problems, state,
  rules, resubmissions, owner, waiting_since AS "waitingSince"`;

/** A change of a case that stands so, together with its step in the audit trail. */
export const changing = (set: Prisma.Sql, from: Prisma.Sql, noted: Noted): Prisma.Sql => Prisma.sql`
  WITH changed AS (UPDATE repair.case SET ${set} WHERE case_id = ${noted.caseId} AND ${from} RETURNING ${columns})
  SELECT changed.*, ${appendAudit(noted)} FROM changed`;

export const isIn = (...states: readonly CaseState[]): Prisma.Sql => Prisma.sql`state = ANY (${[...states]})`;

/** Also one that is on its way back, when there is no word of it. */
const waitsForAPerson = Prisma.sql`(state = 'waiting' OR (state = 'resubmitted' AND waiting_since IS NOT NULL))`;

const reading = (caseId: string): Prisma.Sql =>
  Prisma.sql`SELECT ${columns} FROM repair.case WHERE case_id = ${caseId}`;

const proposing = ({ body, problems, rules }: Proposal): Prisma.Sql => Prisma.sql`
  proposal = ${Buffer.from(body)}, problems = ${JSON.stringify(problems)}::jsonb,
  rules = rules || ARRAY(SELECT name FROM unnest(${[...rules]}::text[]) AS name WHERE name <> ALL (rules))`;

const sending = (proposal: Proposal): Prisma.Sql => Prisma.sql`
  ${proposing(proposal)}, state = 'resubmitted', resubmissions = resubmissions + 1, waiting_since = NULL`;

const waiting = (proposal: Proposal): Prisma.Sql => Prisma.sql`
  ${proposing(proposal)}, state = 'waiting', waiting_since = now()`;

export const closing = (as: 'repaired' | 'discarded'): Prisma.Sql => Prisma.sql`
  state = ${as}, closed_at = now(), waiting_since = NULL, body = NULL, proposal = NULL`;

/** The event of the case, if it is one of the queue, in the same statement. */
const discarding = (noted: Noted): Prisma.Sql => Prisma.sql`
  WITH changed AS (
    UPDATE repair.case SET ${closing('discarded')} WHERE case_id = ${noted.caseId} AND ${waitsForAPerson} RETURNING case_id
  ), given_up AS (
    UPDATE mediator_store.initiating_event AS event SET state = 'discarded', ${forgotten} FROM changed
    WHERE event.case_id = changed.case_id AND event.state = 'dead-lettered'
  ) SELECT ${appendAudit(noted)} FROM changed`;

/** What ends the row of an event without completing it. */
export const forgotten = Prisma.sql`completed_at = now(), subject = NULL, headers = NULL, body = NULL`;
