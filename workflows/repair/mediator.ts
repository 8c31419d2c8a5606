import { msToNumber } from '@temporalio/common/lib/time.js';
import { allHandlersFinished, CancellationScope, condition, setWorkflowOptions } from '@temporalio/workflow';
import type { TakenUp } from '../../contracts/mediators/repair-steps.ts';
import type { CaseState, StartRepair } from '../../contracts/mediators/repair.ts';
import { autoUpgrade } from '../kit/to-the-end.ts';
import { takeCaseActions } from './actions.ts';
import { openCase, type CaseFile } from './case-file.ts';
import { waitAtTheDesk } from './reminders.ts';
import type { Duration } from '../../contracts/duration.ts';

/**
 * The workflow processor: repairs one erroneous event by rules, sends it back to where it came from, and keeps it for a person when no rule helps or when
 * it fails again. It ends when the event was taken there or discarded. PostgreSQL says where the case stands; started for any case, it goes on from there.
 */
export function repairCase(start: StartRepair): Promise<CaseState> {
  // A case is given up by a person with a reason, not by Temporal's own cancel.
  return CancellationScope.nonCancellable(() => repairToTheEnd(openCase(start)));
}

/** A case may wait for months. */
setWorkflowOptions(autoUpgrade, repairCase);

async function repairToTheEnd(file: CaseFile): Promise<CaseState> {
  takeCaseActions(file);
  let sent = 0;
  let looks = 0;
  for (let standing = await file.takeUp(); ;) {
    const { next, state, resubmissions, isSent } = standing;
    if (next === 'closed') {
      await condition(allHandlersFinished);
      return state;
    }
    if (next === 'desk') {
      await waitAtTheDesk(file);
      standing = await file.takeUp();
    } else if (sent !== resubmissions && !isSent && (await file.steps.resubmitCase()) === 'too-large') {
      standing = await file.takeUp();
    } else {
      looks = sent === resubmissions ? looks + 1 : 0;
      sent = resubmissions;
      standing = await waitForWord(file, looks);
    }
  }
}

/**
 * The stream keeps the message until its consumer has taken it or has handed it over again; but streams are purged, and a word may be lost with Temporal.
 * So a case that hears nothing asks after its message.
 */
async function waitForWord(file: CaseFile, looks: number): Promise<TakenUp> {
  const isHeard = () => file.hasMoved() || file.wasAccepted();
  const { lookAfter } = file.policy;
  if (lookAfter === undefined) await condition(isHeard);
  else if (!(await condition(isHeard, pauseBefore(lookAfter, looks)))) {
    await file.steps.lookAfterCase();
    return file.takeUp();
  }
  return file.wasAccepted() ? file.accept() : file.takeUp();
}

const dayMs = 24 * 60 * 60 * 1000;

/** A history must not grow without bound. */
const pauseBefore = (lookAfter: Duration, looks: number): number =>
  Math.min(msToNumber(lookAfter) * 2 ** Math.min(looks, 20), dayMs);
