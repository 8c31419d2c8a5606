import type { AuditStepName } from '../../contracts/mediators/repair.ts';
import { Prisma } from '../../prisma/generated/client.ts';

/** A step of a case, as it goes into the audit trail. Details never hold a body, only its hash. */
export interface AuditEntry {
  readonly caseId: string;
  /** The same for a repeat of the same step, which is added once. */
  readonly stepId: string;
  readonly step: AuditStepName;
  /** Who; null for the workflow processor itself. */
  readonly actor: string | null;
  readonly details: object;
}

/** The expression that adds a step to the trail; the chain stays locked until the commit. */
export const appendAudit = ({ caseId, stepId, step, actor, details }: AuditEntry): Prisma.Sql => Prisma.sql`
  repair.append_audit(${caseId}, ${stepId}, ${step}, ${actor}, ${JSON.stringify(details)}::jsonb)`;
