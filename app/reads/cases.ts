import type { CaseProblem, CaseReason, CaseState } from '../../contracts/mediators/repair.ts';
import { Prisma, type PrismaClient } from '../../prisma/generated/client.ts';
import { auditOf, type AuditStep } from './audit.ts';

/** A repair case, without its message. */
export interface RepairCase {
  readonly caseId: string;
  readonly state: CaseState;
  readonly reason: CaseReason;
  /** Why, as one sentence; never quotes the message. */
  readonly message: string;
  /** The rules that were applied, as `name@version`, joined by `, `; null when none was. */
  readonly rule: string | null;
  readonly subject: string;
  /** `customer-event-queue`, or `listener:<name>`. */
  readonly consumer: string;
  readonly customerId: string | null;
  readonly owner: string | null;
  /** ISO 8601. */
  readonly openedAt: string;
  /** ISO 8601; null unless it waits for a person. */
  readonly waitingSince: string | null;
  /** ISO 8601; null until it is repaired or discarded. */
  readonly closedAt: string | null;
  readonly resubmissions: number;
}

/** A repair case with its message, which may hold a card token. */
export interface RepairCaseDetails extends RepairCase {
  readonly headers: Readonly<Record<string, string>>;
  /** The original bytes; null once the case is closed. */
  readonly body: Uint8Array | null;
  /** As the rules left it, or as it was resubmitted last; null when nothing was changed yet, and once the case is closed. */
  readonly proposal: Uint8Array | null;
  /** What is wrong by field, with the proposal where there is one. */
  readonly problems: readonly CaseProblem[];
  readonly streamSequence: number;
  /** Every step, in the order of the trail. */
  readonly audit: readonly AuditStep[];
}

/** Which cases to list. */
export interface CaseQuery {
  /** `open`: every one that is not closed. */
  readonly state?: CaseState | 'open' | undefined;
  readonly limit: number;
  /** The last case of the page before. */
  readonly after?: Pick<RepairCase, 'openedAt' | 'caseId'> | undefined;
}

/** Cases, the newest first. */
export async function listCases(prisma: PrismaClient, { state, limit, after }: CaseQuery): Promise<RepairCase[]> {
  const rows = await prisma.$queryRaw<CaseRow[]>(Prisma.sql`
    SELECT ${columns} FROM repair.case
    WHERE ${inState(state)}
      AND ${after ? Prisma.sql`(opened_at, case_id) < (${after.openedAt}::timestamptz, ${after.caseId})` : Prisma.sql`true`}
    ORDER BY opened_at DESC, case_id DESC LIMIT ${limit}::int`);
  return rows;
}

function inState(state: CaseQuery['state']): Prisma.Sql {
  if (state === 'open') return Prisma.sql`closed_at IS NULL`;
  return state ? Prisma.sql`state = ${state}` : Prisma.sql`true`;
}

/** One case with its message and its steps; null when there is none of this id. */
export async function findCase(prisma: PrismaClient, caseId: string): Promise<RepairCaseDetails | null> {
  const [row] = await prisma.$queryRaw<DetailsRow[]>(Prisma.sql`
    SELECT ${columns}, headers, body, proposal, problems, stream_sequence::float8 AS "streamSequence"
    FROM repair.case WHERE case_id = ${caseId}`);
  return row ? { ...row, audit: await auditOf(prisma, caseId) } : null;
}

type CaseRow = RepairCase;
type DetailsRow = Omit<RepairCaseDetails, 'audit'>;

const instant = (column: string): Prisma.Sql =>
  Prisma.raw(`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`);

/** Instants to the microsecond, so that a page begins exactly after the one before. */
const columns = Prisma.sql`
  case_id AS "caseId", state, reason, message, nullif(array_to_string(rules, ', '), '') AS rule, subject, consumer,
  customer_id AS "customerId", owner, ${instant('opened_at')} AS "openedAt", ${instant('waiting_since')} AS "waitingSince",
  ${instant('closed_at')} AS "closedAt", resubmissions`;

/** How many repair cases are not closed. */
export async function countOpenCases(prisma: Pick<PrismaClient, '$queryRaw'>): Promise<number> {
  const [row] = await prisma.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM repair.case WHERE closed_at IS NULL`;
  return row?.count ?? 0;
}
