import { log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { CaseStanding, CaseStep, WorkflowProcessor } from '../contracts/repair-steps.ts';
import type { CaseActionTaken } from '../contracts/repair.ts';
import { hashOfBytes } from '../prisma/stores/repair-cases.ts';
import type { CaseMessage, Noted, RepairStepStore } from '../prisma/stores/repair-steps.ts';
import { listenerOf, repairable } from './workflow-processor/case-message.ts';
import { canResubmit, examine, type Judge } from './workflow-processor/examine.ts';
import { historyOf } from './workflow-processor/history.ts';
import { resubmission, skipMarker, type ResubmittedMessage } from './workflow-processor/outgoing.ts';

/** What the workflow processor stands on. */
export interface WorkflowProcessorPorts {
  readonly store: RepairStepStore;
  readonly judge: Judge;
  /** Resolves when the stream has the message; two of one id are kept once. */
  readonly publish: (message: ResubmittedMessage) => Promise<unknown>;
  /** Lets go on what waits for the initiating event of a case that is given up. */
  readonly giveUpEvent: (caseId: string) => Promise<void>;
}

/** Repairs erroneous events, or keeps them for a person. Every step is in the audit trail, in the statement of its effect. */
export const createWorkflowProcessor = (ports: WorkflowProcessorPorts): WorkflowProcessor => ({
  takeUpCase: (step) => takeUp(ports, step),
  resubmitCase: (step) => resubmit(ports, step),
  async acceptCase(step) {
    await ports.store.close('repaired', noting(step, 'accepted', null, {}));
  },
  proposeCase: (step) => propose(ports, step),
  async takeCase({ actor, ...step }) {
    return taken(ports, step, await ports.store.take(actor, noting(step, 'taken', actor, {})));
  },
  discardCase: (step) => discard(ports, step),
  async remindOfCase(step) {
    const of = await kept(ports, step.caseId);
    if (of.state !== 'waiting') return;
    log.warn('a repair case waits for a person', { caseId: of.caseId, reason: of.reason, owner: of.owner });
    await ports.store.note(noting(step, 'reminded', null, { owner: of.owner }));
  },
});

async function takeUp({ store, judge, ...ports }: WorkflowProcessorPorts, step: CaseStep): Promise<CaseStanding> {
  const of = await kept({ store }, step.caseId);
  if (of.state !== 'repairing') return standingOf(of);
  const { proposal, goesBack } = examine(of, judge);
  const details = {
    rules: proposal.rules,
    from: hashOfBytes(repairable(of).bytes),
    to: hashOfBytes(proposal.body),
    fields: proposal.problems.map(({ field }) => field).slice(0, 20),
  };
  if (goesBack) await store.send(proposal, 'repairing', noting(step, 'rules-applied', null, details));
  else await store.wait(proposal, noting(step, 'waiting', null, details));
  return takeUp({ store, judge, ...ports }, step);
}

async function resubmit({ store, publish }: WorkflowProcessorPorts, step: CaseStep): Promise<void> {
  const of = await kept({ store }, step.caseId);
  if (of.state !== 'resubmitted') return;
  const message = resubmission(of, of.proposal ?? new Uint8Array(), historyOf(of));
  await publish(message);
  const { id, subject, data } = message;
  await store.note(noting(step, 'resubmitted', null, { id, subject, bodyHash: hashOfBytes(data) }));
}

async function propose(
  { store, judge }: WorkflowProcessorPorts,
  { actor, body, ...step }: CaseStep & { readonly actor: string; readonly body: string },
): Promise<CaseActionTaken> {
  const of = await kept({ store }, step.caseId);
  const data = new TextEncoder().encode(body);
  const { subject, headers } = resubmission({ ...of, resubmissions: of.resubmissions + 1 }, data, []);
  const kind = repairable(of).of;
  const problems = judge({ of: kind, headers, data, subject: kind === 'fact' ? of.subject : subject });
  if (problems.length > 0 && of.state === 'waiting') return { ok: false, caseId: of.caseId, problems };
  const details = { from: hashOfBytes(repairable(of).bytes), to: hashOfBytes(data) };
  const proposal = { body: data, problems: [], rules: [] };
  return taken({ store }, step, await store.send(proposal, 'waiting', noting(step, 'edited', actor, details)));
}

async function discard(
  { store, publish, giveUpEvent }: WorkflowProcessorPorts,
  { actor, reason, ...step }: CaseStep & { readonly actor: string; readonly reason: string },
): Promise<CaseActionTaken> {
  const of = await kept({ store }, step.caseId);
  const listener = listenerOf(of.consumer);
  if (of.state === 'waiting') {
    if (listener === undefined) await giveUpEvent(of.caseId);
    else await publish(skipMarker(of, listener));
  }
  const details = { reason, bodyHash: of.body && hashOfBytes(of.body) };
  return taken({ store }, step, await store.close('discarded', noting(step, 'discarded', actor, details)));
}

const noting = (step: CaseStep, name: Noted['step'], actor: string | null, details: object): Noted => ({
  ...step,
  step: name,
  actor,
  details,
});

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

async function kept({ store }: Pick<WorkflowProcessorPorts, 'store'>, caseId: string): Promise<CaseMessage> {
  const of = await store.read(caseId);
  if (!of) throw ApplicationFailure.nonRetryable(`There is no repair case ${caseId}.`, 'UnknownCase');
  return of;
}

const mostProblems = 10;

const standingOf = (of: CaseMessage): CaseStanding => ({
  next: of.state === 'resubmitted' ? 'resubmit' : of.state === 'waiting' ? 'desk' : 'closed',
  state: of.state,
  reason: of.reason,
  message: of.message,
  consumer: of.consumer,
  subject: of.subject,
  customerId: of.customerId,
  owner: of.owner,
  problems: of.problems.slice(0, mostProblems),
  rules: of.rules,
  resubmissions: of.resubmissions,
  waitingSince: of.waitingSince?.toISOString() ?? null,
  canResubmit: canResubmit(of),
});
