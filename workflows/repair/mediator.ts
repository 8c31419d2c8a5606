import { msToNumber } from '@temporalio/common/lib/time.js';
import { allHandlersFinished, condition, continueAsNew, setWorkflowOptions, workflowInfo } from '@temporalio/workflow';
import type { Duration } from '../../contracts/duration.ts';
import type { StoredCase } from '../../contracts/mediators/repair-steps.ts';
import type { CaseState, StartRepair } from '../../contracts/mediators/repair.ts';
import { waitWithReminders } from '../kit/reminders.ts';
import { autoUpgrade, toTheEnd } from '../kit/to-the-end.ts';
import { takeCaseActions } from './actions.ts';
import { CaseFlow } from './case-flow.ts';

/**
 * The workflow processor: repairs one dead letter by rules, resubmits it to its origin, and keeps it for a person when
 * no rule helps or when it fails again. It ends when the message was taken there or discarded. Only a person with a
 * reason discards a case; Temporal's own cancel does not. The state is in PostgreSQL, so that a workflow started for
 * any case continues from there, and one with a long history continues as new.
 */
export const repairCase = (start: StartRepair): Promise<CaseState> =>
  toTheEnd(() => repairToTheEnd(new CaseFlow(start)));

/** A case may wait for months. */
setWorkflowOptions(autoUpgrade, repairCase);

async function repairToTheEnd(flow: CaseFlow): Promise<CaseState> {
  takeCaseActions(flow);
  let sent = 0;
  let checks = 0;
  for (let stored = await flow.repair(); ;) {
    const { next, state, resubmissions, isSent } = stored;
    if (next === 'closed') return state;
    if (next === 'desk') {
      if (mayContinue()) await continueAsNew<typeof repairCase>(flow.start);
      await waitAtTheDesk(flow, stored);
      stored = await flow.repair();
    } else if (
      sent !== resubmissions &&
      !isSent &&
      (await flow.moving(flow.steps.resubmitCase(flow.step()))) === 'too-large'
    ) {
      stored = await flow.repair();
    } else {
      checks = sent === resubmissions ? checks + 1 : 0;
      sent = resubmissions;
      stored = await waitForOutcome(flow, checks);
    }
  }
}

/** A case may come back and be edited for as long as it likes: while it waits, nothing but its row is needed. */
const mayContinue = (): boolean => workflowInfo().continueAsNewSuggested && allHandlersFinished();

/** Waits until a person acts, or the message comes back once more. */
async function waitAtTheDesk(flow: CaseFlow, { waitingSince }: StoredCase): Promise<void> {
  const { caseId, policy } = flow.start;
  const since = waitingSince ?? new Date().toISOString();
  await waitWithReminders({
    isOver: () => flow.hasMoved || mayContinue(),
    since,
    deadline: null,
    reminders: policy.reminders,
    // A reminder has the same id in a workflow that was started anew, and is recorded once.
    missed: 'send',
    remind: (number) => flow.steps.remindOfCase({ caseId, stepId: `${caseId}/reminded/${since}/${number}` }),
  });
  flow.isAccepted = false; // a waiting case has no message on its way, so the signal was about an earlier one
}

/**
 * Waits until the resubmitted message is taken or comes back. Streams are purged, and a signal may be lost with
 * Temporal, so that a case without an outcome checks on its message.
 */
async function waitForOutcome(flow: CaseFlow, checks: number): Promise<StoredCase> {
  const isHeard = () => flow.hasMoved || flow.isAccepted;
  if (!(await condition(isHeard, pauseBefore(flow.start.policy.checkAfter, checks)))) {
    await flow.moving(flow.steps.checkReturnedCase(flow.step()));
    return flow.repair();
  }
  return flow.isAccepted ? flow.accept() : flow.repair();
}

const dayMs = 24 * 60 * 60 * 1000;

/** The pause doubles with every check, up to a day, because a history must not grow without bound. */
const pauseBefore = (checkAfter: Duration, checks: number): number =>
  Math.min(msToNumber(checkAfter) * 2 ** Math.min(checks, 20), dayMs);
