import { proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { CaseStep, TakenUp, WorkflowProcessor } from '../../contracts/mediators/repair-steps.ts';
import type { CaseActions, CaseActionTaken } from '../../contracts/mediators/repair.ts';

/** What is done to one case. One at a time, in the order of asking: the answers of several local activities at once may come in another order at replay. */
export interface CaseSteps {
  takeUpCase(): Promise<TakenUp>;
  resubmitCase(): Promise<'sent' | 'too-large'>;
  lookAfterCase(): Promise<void>;
  acceptCase(): Promise<TakenUp>;
  remindOfCase(stepId: string): Promise<void>;
  resubmit(action: CaseActions['resubmit']): Promise<CaseActionTaken>;
  discard(action: CaseActions['discard']): Promise<CaseActionTaken>;
  take(action: CaseActions['take']): Promise<CaseActionTaken>;
}

/** The steps of a case. Faults are retried until they are over. */
export function stepsOf(caseId: string): CaseSteps {
  const { runId } = workflowInfo();
  let count = 0;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Answer>(make: (step: CaseStep) => Promise<Answer>): Promise<Answer> => {
    const step = { caseId, stepId: `${runId}/${++count}` };
    const turn = last.then(
      () => make(step),
      () => make(step),
    );
    last = turn;
    return turn;
  };
  return {
    takeUpCase: () => inTurn((step) => noted('try the rules').repairCase(step)),
    resubmitCase: () => inTurn((step) => noted('send it back').resubmitCase(step)),
    lookAfterCase: () => inTurn((step) => noted('ask after it').checkReturnedCase(step)),
    acceptCase: () => inTurn((step) => noted('it was taken').acceptCase(step)),
    remindOfCase: (stepId) => inTurn(() => noted('remind').remindOfCase({ caseId, stepId })),
    resubmit: ({ actor, body }) => inTurn((step) => noted(`edited by ${actor}`).proposeCase({ ...step, actor, body })),
    discard: ({ actor, reason }) =>
      inTurn((step) => noted(`discarded by ${actor}`).discardCase({ ...step, actor, reason })),
    take: ({ actor }) => inTurn((step) => noted(`taken by ${actor}`).assignCase({ ...step, actor })),
  };
}

const noted = (summary: string) =>
  proxyLocalActivities<WorkflowProcessor>({
    startToCloseTimeout: '10 seconds',
    retry: { initialInterval: '200 ms', maximumInterval: '10 seconds' },
    summary,
  });
