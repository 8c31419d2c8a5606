import { createHash } from 'node:crypto';
import type { AuditStepName } from '../../contracts/mediators/repair.ts';
import type { CaseStep } from '../../contracts/mediators/repair-steps.ts';
import { bigintText, nullable } from '../../prisma/codec.ts';
import { sql, type Sql } from '../../prisma/sql.ts';

/**
 * A step of a case in the audit trail. A repeat of the same `stepId` is added once. Details never hold a body, only its
 * hash.
 */
export interface AuditEntry extends CaseStep {
  readonly step: AuditStepName;
  /** The person's name; null for the workflow processor itself. */
  readonly actor: string | null;
  readonly details: object;
}

/** The audit entry of a step of the workflow. */
export const audited = (of: CaseStep, step: AuditStepName, actor: string | null, details: object): AuditEntry => ({
  ...of,
  step,
  actor,
  details,
});

/** The column that adds a step to the trail. The chain stays locked until the commit. */
export const appendAudit = ({ caseId, stepId, step, actor, details }: AuditEntry): Sql => sql`
  repair.append_audit(${caseId}, ${stepId}, ${step}, ${actor}, ${JSON.stringify(details)}::jsonb) AS "auditPosition"`;

/** The row's part from `appendAudit`: the step's place in the trail, null for a step that is there already. */
export const auditColumn = { auditPosition: nullable(bigintText) };

/** SHA-256, hexadecimal, of a message's bytes, for the audit trail. */
export const hashOfBytes = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
