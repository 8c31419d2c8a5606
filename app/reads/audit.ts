import { auditSteps } from '../../contracts/mediators/repair.ts';
import type { CaseStep } from '../../contracts/views.ts';
import { bigintNumber, instant, jsonb, nullable, oneOf, text } from '../../prisma/codec.ts';
import type { Database } from '../../prisma/database.ts';
import { sql } from '../../prisma/sql.ts';
import { statement, type SqlRunner } from '../../prisma/statement.ts';

/** One step of a case with its place in the trail. */
export interface AuditStep extends CaseStep {
  readonly position: number;
  readonly hash: string;
}

/** The steps of one case, in the order of the trail. */
export const auditOf = (on: SqlRunner, caseId: string): Promise<AuditStep[]> => on.run(auditTrail(caseId));

export const auditTrail = statement(
  'app.audit-trail',
  {
    position: bigintNumber,
    step: oneOf(...auditSteps),
    actor: nullable(text),
    details: jsonb<CaseStep['details']>(),
    hash: text,
    at: instant,
  },
  (caseId: string) => sql`
    SELECT position, step, actor, details, hash, at FROM repair.audit WHERE case_id = ${caseId} ORDER BY audit.position`,
);

/** A place in the trail, and its hash. Together they vouch for every step up to it. */
export interface AuditMark {
  readonly position: number;
  readonly hash: string;
}

/** The result of verifying the trail. */
export type AuditVerdict =
  | { readonly ok: true; readonly steps: number; readonly head: AuditMark }
  /** The first place where the chain is broken, and the problem there as one sentence. */
  | { readonly ok: false; readonly position: number; readonly problem: string };

/**
 * Verifies the whole chain: every hash is made anew from its row, every row follows the one before, and the last is the
 * head. `noted`, a place that was written down elsewhere, must still stand there. Without it, a superuser can make the
 * whole chain anew.
 */
export async function verifyAudit(
  database: Pick<Database, 'prisma' | 'run'>,
  noted?: AuditMark,
): Promise<AuditVerdict> {
  const [found] = await database.run(chainFindings());
  if (!found) throw new Error('The audit trail of repairs has no head: the migrations are not complete.');
  const { steps, headPosition: position, headHash: hash } = found;
  if (found.brokenAt !== null) return brokenChain(found.brokenAt, chainProblems[found.why ?? 'changed']);
  if (steps !== position || found.lastHash !== hash) {
    return brokenChain(
      Math.min(steps, position) + 1,
      'the trail does not end where its head says: steps are missing at the end.',
    );
  }
  if (noted && !(await stands(database, noted))) {
    return brokenChain(noted.position, 'this step is not the one that was noted: the trail was made anew.');
  }
  return { ok: true, steps, head: { position, hash } };
}

const brokenChain = (position: number, problem: string): AuditVerdict => ({ ok: false, position, problem });

const chainProblems = {
  missing: 'a step is missing here.',
  unlinked: 'this step does not follow the one before it.',
  changed: 'this step was changed after it was written.',
} as const;

/** One statement, so that steps that are added meanwhile are seen as a whole or not at all. */
const chainFindings = statement(
  'app.audit-findings',
  {
    steps: bigintNumber,
    lastHash: text,
    headPosition: bigintNumber,
    headHash: text,
    brokenAt: nullable(bigintNumber),
    why: nullable(oneOf('missing', 'unlinked', 'changed')),
  },
  () => sql`
  WITH linked AS (
    SELECT audit.*, row_number() OVER trail AS place, COALESCE(lag(hash) OVER trail, '') AS before FROM repair.audit WINDOW trail AS (ORDER BY position)
  ), judged AS (
    SELECT position, place, hash, CASE WHEN position <> place THEN 'missing' WHEN previous_hash <> before THEN 'unlinked'
      WHEN hash <> repair.audit_hash(previous_hash, position, case_id, step_id, step, actor, details, at) THEN 'changed' END AS why
    FROM linked
  ), first AS (SELECT place, why FROM judged WHERE why IS NOT NULL ORDER BY position LIMIT 1)
  SELECT (SELECT count(*) FROM judged) AS steps, COALESCE((SELECT hash FROM judged ORDER BY position DESC LIMIT 1), '') AS "lastHash",
    head.position AS "headPosition", head.hash AS "headHash", first.place AS "brokenAt", first.why
  FROM repair.audit_head AS head LEFT JOIN first ON true`,
);

async function stands({ prisma }: Pick<Database, 'prisma'>, { position, hash }: AuditMark): Promise<boolean> {
  return (await prisma.repairAudit.count({ where: { position, hash } })) > 0;
}
