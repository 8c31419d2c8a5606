import { temporalActivity } from '../kit/activity-context.ts';
import type { CaseStep, StoredCase, WorkflowProcessor } from '../../contracts/mediators/repair-steps.ts';
import type { CaseActionTaken } from '../../contracts/mediators/case-actions.ts';
import { audited, hashOfBytes } from './audit.ts';
import { isOverdue, readCase, repairable, storedCase } from './case.ts';
import { listenerOf } from './corrections.ts';
import { processCase, type WorkflowProcessorPorts } from './process-case.ts';
import { problemsOfDraft, skipMarker } from './resubmission.ts';
import { checkResubmitted, resubmitCase, ringFor, withdraw } from './resubmit.ts';
import type { CaseMessage } from './statements.ts';

/** Repairs dead letters, or keeps them for a person. The statement of each step also adds it to the audit trail. */
export const createWorkflowProcessor = (ports: WorkflowProcessorPorts): WorkflowProcessor => ({
  repairCase: (step) => processCase(ports, step),
  resubmitCase: (step) => resubmitCase(ports, step),
  async checkReturnedCase(step) {
    if ((await checkResubmitted(ports, step)) !== 'overdue') return;
    const { caseId } = step;
    temporalActivity().log.warn('nothing was heard of a resubmitted message: a person may act on its case now', {
      caseId,
    });
  },
  acceptCase: (step) => accept(ports, step),
  proposeCase: (step) => propose(ports, step),
  async assignCase({ actor, ...step }) {
    const assigned = await ports.store.assign(actor, audited(step, 'taken', actor, {}));
    return actionAnswer(ports, step, assigned !== undefined);
  },
  discardCase: (step) => discard(ports, step),
  async remindOfCase(step) {
    const of = await readCase(ports, step.caseId);
    if (of.state !== 'waiting') return;
    temporalActivity().log.warn('a repair case waits for a person', {
      caseId: of.caseId,
      reason: of.reason,
      owner: of.owner,
    });
    await ports.store.note(audited(step, 'reminded', null, { owner: of.owner }));
  },
});

async function accept(ports: WorkflowProcessorPorts, step: CaseStep): Promise<StoredCase> {
  const closed = await ports.store.accept(audited(step, 'accepted', null, {}));
  return closed ? storedCase(closed) : processCase(ports, { ...step, stepId: `${step.stepId}/taken-up` });
}

async function propose(
  ports: WorkflowProcessorPorts,
  { actor, body, headers, ...step }: Parameters<WorkflowProcessor['proposeCase']>[0],
): Promise<CaseActionTaken> {
  const { store, validate } = ports;
  const of = await readCase(ports, step.caseId);
  const data = new TextEncoder().encode(body);
  const problems = problemsOfDraft(of, { data, headers }, validate);
  const mayAct = of.state === 'waiting' || isOverdue(of);
  if (problems.length > 0 && mayAct) return { ok: false, caseId: of.caseId, problems };
  if (isOverdue(of) && !(await withdraw(ports, of))) return isAtConsumer(of);
  const details = { from: hashOfBytes(repairable(of).bytes), to: hashOfBytes(data), headers };
  const proposal = { body: data, problems: [], rules: [], headers };
  const goes = await store.resubmit(proposal, 'person', audited(step, 'edited', actor, details));
  return actionAnswer(ports, step, goes !== undefined);
}

async function discard(
  ports: WorkflowProcessorPorts,
  { actor, reason, ...step }: CaseStep & { readonly actor: string; readonly reason: string },
): Promise<CaseActionTaken> {
  const { store, resubmitter } = ports;
  const of = await readCase(ports, step.caseId);
  if (isOverdue(of) && !(await withdraw(ports, of))) return isAtConsumer(of);
  const details = { reason, bodyHash: of.body && hashOfBytes(of.body) };
  const done = await actionAnswer(ports, step, await store.discard(audited(step, 'discarded', actor, details)));
  const listener = listenerOf(of.consumer);
  // This is the last step, so that no listener passes over a fact that can still be repaired. It is repeated until it
  // succeeds.
  if (done.ok && listener !== undefined) await resubmitter.publish(skipMarker(of, listener));
  if (done.ok) await ringFor(ports, of);
  return done;
}

const isAtConsumer = ({ caseId }: CaseMessage): CaseActionTaken => {
  const message = 'Its message was taken off the queue just now: look at the case again in a moment.';
  return { ok: false, caseId, problems: [{ field: 'the case', message }] };
};

/** The answer to an action. A repeat of one that succeeded gets the same. */
async function actionAnswer(
  { store }: Pick<WorkflowProcessorPorts, 'store'>,
  { caseId, stepId }: CaseStep,
  changed: boolean,
): Promise<CaseActionTaken> {
  const { state } = await readCase({ store }, caseId);
  if (changed || (await store.wasNoted(stepId))) return { ok: true, caseId, state };
  const message = `The case ${caseId} does not wait any more: it is ${state}.`;
  return { ok: false, caseId, problems: [{ field: 'the case', message }] };
}
