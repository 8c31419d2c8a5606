import type { StoredCase, CaseStep, TakenUp } from '../../contracts/mediators/repair-steps.ts';
import { hashOfBytes } from './cases.ts';
import type { CaseMessage } from './steps.ts';
import { kept, noting } from './kept-case.ts';
import { repairable } from './case-message.ts';
import { canResubmit, examine, type Judge } from './examine.ts';
import { publish, type SendBackPorts } from './send-back.ts';

/** What the workflow processor stands on. */
export interface WorkflowProcessorPorts extends SendBackPorts {
  readonly judge: Judge;
}

/** Reads where the case stands; tries the rules when they are due, and sends the message back when they have put it right. */
export async function takeUp(ports: WorkflowProcessorPorts, step: CaseStep): Promise<TakenUp> {
  const { store, judge } = ports;
  const of = await kept(ports, step.caseId);
  if (of.state !== 'repairing') return standingOf(of);
  const { proposal, goesBack } = examine(of, judge);
  const details = {
    rules: proposal.rules,
    from: hashOfBytes(repairable(of).bytes),
    to: hashOfBytes(proposal.body),
    fields: proposal.problems.map(({ field }) => field).slice(0, 20),
  };
  if (!goesBack) {
    const waits = await store.wait(proposal, noting(step, 'waiting', null, details));
    return waits ? standingOf(waits) : takeUp(ports, step);
  }
  const goes = await store.send(proposal, 'rules', noting(step, 'rules-applied', null, details));
  // A stream that is away fails this attempt: the next one finds the case on its way, and it is sent by a step of its own.
  const came = goes && (await publish(ports, goes, { ...step, stepId: `${step.stepId}/sent` }));
  return goes && came === 'sent' ? { ...standingOf(goes), isSent: true } : takeUp(ports, step);
}

const mostProblems = 10;

/** Where a case stands, without its message. */
export const standingOf = (of: CaseMessage): StoredCase => ({
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
