import { ApplicationFailure } from '@temporalio/common';
import type { CaseStep } from '../../contracts/mediators/repair-steps.ts';
import type { CaseMessage, Noted, RepairStepStore } from './steps.ts';

/** The case of this id, which somebody has written down. */
export async function kept(
  { store }: { readonly store: Pick<RepairStepStore, 'read'> },
  caseId: string,
): Promise<CaseMessage> {
  const of = await store.read(caseId);
  if (!of) throw ApplicationFailure.nonRetryable(`There is no repair case ${caseId}.`, 'UnknownCase');
  return of;
}

/** A step as the audit trail is to have it. */
export const noting = (step: CaseStep, name: Noted['step'], actor: string | null, details: object): Noted => ({
  ...step,
  step: name,
  actor,
  details,
});
