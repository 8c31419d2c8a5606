import { log } from '@temporalio/activity';
import type { CaseStep, TakenUp, WorkflowProcessor } from '../../contracts/mediators/repair-steps.ts';
import type { CaseActionTaken } from '../../contracts/mediators/repair.ts';
import { hashOfBytes } from './cases.ts';
import type { CaseMessage } from './steps.ts';
import { listenerOf, repairable } from './case-message.ts';
import { problemsOfDraft } from './draft.ts';
import { kept, noting } from './kept-case.ts';
import { skipMarker } from './outgoing.ts';
import { lookAfter, sendBack, takeBack } from './send-back.ts';
import { standingOf, takeUp, type WorkflowProcessorPorts } from './take-up.ts';

/** Repairs erroneous events, or keeps them for a person. Every step is in the audit trail, in the statement of its effect. */
export const createWorkflowProcessor = (ports: WorkflowProcessorPorts): WorkflowProcessor => ({
  repairCase: (step) => takeUp(ports, step),
  resubmitCase: (step) => sendBack(ports, step),
  async checkReturnedCase(step) {
    if ((await lookAfter(ports, step)) !== 'overdue') return;
    const { caseId } = step;
    log.warn('there is no word of a message that was sent back: a person may act on its case now', { caseId });
  },
  acceptCase: (step) => accept(ports, step),
  proposeCase: (step) => propose(ports, step),
  async assignCase({ actor, ...step }) {
    return taken(ports, step, (await ports.store.take(actor, noting(step, 'taken', actor, {}))) !== undefined);
  },
  discardCase: (step) => discard(ports, step),
  async remindOfCase(step) {
    const of = await kept(ports, step.caseId);
    if (of.state !== 'waiting') return;
    log.warn('a repair case waits for a person', { caseId: of.caseId, reason: of.reason, owner: of.owner });
    await ports.store.note(noting(step, 'reminded', null, { owner: of.owner }));
  },
});

async function accept(ports: WorkflowProcessorPorts, step: CaseStep): Promise<TakenUp> {
  const closed = await ports.store.accept(noting(step, 'accepted', null, {}));
  return closed ? standingOf(closed) : takeUp(ports, { ...step, stepId: `${step.stepId}/taken-up` });
}

async function propose(
  ports: WorkflowProcessorPorts,
  { actor, body, ...step }: CaseStep & { readonly actor: string; readonly body: string },
): Promise<CaseActionTaken> {
  const { store, judge } = ports;
  const of = await kept(ports, step.caseId);
  const data = new TextEncoder().encode(body);
  const problems = problemsOfDraft(of, data, judge);
  const mayAct = of.state === 'waiting' || isOverdue(of);
  if (problems.length > 0 && mayAct) return { ok: false, caseId: of.caseId, problems };
  if (isOverdue(of) && !(await takeBack(ports, of))) return wasTakenIn(of);
  const details = { from: hashOfBytes(repairable(of).bytes), to: hashOfBytes(data) };
  const proposal = { body: data, problems: [], rules: [] };
  const goes = await store.send(proposal, 'person', noting(step, 'edited', actor, details));
  return taken(ports, step, goes !== undefined);
}

async function discard(
  ports: WorkflowProcessorPorts,
  { actor, reason, ...step }: CaseStep & { readonly actor: string; readonly reason: string },
): Promise<CaseActionTaken> {
  const { store, wayBack } = ports;
  const of = await kept(ports, step.caseId);
  if (isOverdue(of) && !(await takeBack(ports, of))) return wasTakenIn(of);
  const details = { reason, bodyHash: of.body && hashOfBytes(of.body) };
  const done = await taken(ports, step, await store.discard(noting(step, 'discarded', actor, details)));
  const listener = listenerOf(of.consumer);
  // Last, so that no listener passes over a fact that can still be repaired. This step is repeated until it is through.
  if (done.ok && listener !== undefined) await wayBack.publish(skipMarker(of, listener));
  return done;
}

/** There is no word of the message that was sent back: a person may act on the case. */
const isOverdue = ({ state, waitingSince }: CaseMessage): boolean => state === 'resubmitted' && waitingSince !== null;

const wasTakenIn = ({ caseId }: CaseMessage): CaseActionTaken => {
  const message = 'Its message was taken off the queue just now: look at the case again in a moment.';
  return { ok: false, caseId, problems: [{ field: 'the case', message }] };
};

/** The answer to an action; a repeat of one that was taken gets the same. */
async function taken(
  { store }: Pick<WorkflowProcessorPorts, 'store'>,
  { caseId, stepId }: CaseStep,
  changed: boolean,
): Promise<CaseActionTaken> {
  const { state } = await kept({ store }, caseId);
  if (changed || (await store.wasNoted(stepId))) return { ok: true, caseId, state };
  const message = `The case ${caseId} does not wait any more: it is ${state}.`;
  return { ok: false, caseId, problems: [{ field: 'the case', message }] };
}
