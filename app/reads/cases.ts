import { caseReasons, caseStates, type CaseProblem, type CaseState } from '../../contracts/mediators/repair.ts';
import type { RepairCase } from '../../contracts/views.ts';
import { bytea, bigintNumber, int, jsonb, nullable, oneOf, text } from '../../prisma/codec.ts';
import type { Database } from '../../prisma/database.ts';
import { sql, toMicroseconds, type Sql } from '../../prisma/sql.ts';
import { statement, type RowFrom, type SqlRunner } from '../../prisma/statement.ts';
import { auditOf, type AuditStep } from './audit.ts';

/** A repair case with its message, which may hold a card token. */
export interface RepairCaseDetails extends RowFrom<typeof caseWithMessage> {
  /** Every step, in the order of the trail. */
  readonly audit: readonly AuditStep[];
}

/** A page of cases. */
export interface CaseQuery {
  /** `open`: every one that is not closed. */
  readonly state?: CaseState | 'open' | undefined;
  readonly limit: number;
  /** The last case of the page before. */
  readonly after?: Pick<RepairCase, 'openedAt' | 'caseId'> | undefined;
}

/** Cases, the newest first. */
export const listCases = (on: SqlRunner, query: CaseQuery): Promise<RepairCase[]> => on.run(casePage(query));

const caseColumns = {
  caseId: text,
  state: oneOf(...caseStates),
  reason: oneOf(...caseReasons),
  message: text,
  rule: nullable(text),
  subject: text,
  consumer: text,
  customerId: nullable(text),
  owner: nullable(text),
  openedAt: text,
  waitingSince: nullable(text),
  closedAt: nullable(text),
  resubmissions: int,
};

const selected = sql`
  case_id AS "caseId", state, reason, message, nullif(array_to_string(rules, ', '), '') AS rule, subject, consumer,
  customer_id AS "customerId", owner, ${toMicroseconds('opened_at')} AS "openedAt",
  ${toMicroseconds('waiting_since')} AS "waitingSince", ${toMicroseconds('closed_at')} AS "closedAt", resubmissions`;

export const casePage = statement('app.case-page', caseColumns, ({ state, limit, after }: CaseQuery) => {
  const further = after ? sql`(opened_at, case_id) < (${after.openedAt}::timestamptz, ${after.caseId})` : sql`true`;
  return sql`SELECT ${selected} FROM repair.case WHERE ${isInState(state)} AND ${further}
    ORDER BY opened_at DESC, case_id DESC LIMIT ${limit}::int`;
});

function isInState(state: CaseQuery['state']): Sql {
  if (state === 'open') return sql`closed_at IS NULL`;
  return state ? sql`state = ${state}` : sql`true`;
}

/** One case with its message and its steps; null when there is none of this id. */
export async function findCase(on: SqlRunner, caseId: string): Promise<RepairCaseDetails | null> {
  const [found] = await on.run(caseWithMessage(caseId));
  return found ? { ...found, audit: await auditOf(on, caseId) } : null;
}

export const caseWithMessage = statement(
  'app.case-with-message',
  {
    ...caseColumns,
    headers: jsonb<Readonly<Record<string, string>>>(),
    /** As a person has corrected them, by name; an empty one leaves its header out. */
    correctedHeaders: jsonb<Readonly<Record<string, string>>>(),
    /** The original bytes; null once the case is closed. */
    body: nullable(bytea),
    /** As the rules left it, or as resubmitted last; null before the first change, and once the case is closed. */
    proposal: nullable(bytea),
    /** The problems by field, of the proposal where there is one. */
    problems: jsonb<readonly CaseProblem[]>(),
    streamSequence: bigintNumber,
  },
  (caseId: string) => sql`
    SELECT ${selected}, headers, corrected_headers AS "correctedHeaders", body, proposal, problems, stream_sequence AS "streamSequence"
    FROM repair.case WHERE case_id = ${caseId}`,
);

/** Counts the cases that are not closed. */
export const countOpenCases = ({ prisma }: Pick<Database, 'prisma'>): Promise<number> =>
  prisma.repairCase.count({ where: { closedAt: null } });
