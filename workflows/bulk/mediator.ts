import { ActivityFailure } from '@temporalio/common';
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  proxyActivities,
  setWorkflowOptions,
  workflowInfo,
} from '@temporalio/workflow';
import type { BulkActivities, BulkOrder, BulkProgress, StartBulk } from '../../contracts/mediators/bulk.ts';
import { autoUpgrade, toTheEnd } from '../kit/to-the-end.ts';
import { openWork, type BulkWork } from './actions.ts';
import { askedOf, carriedOver, decide, progressOf } from './state.ts';

/** The number of orders that one bulk action asks at the same time. */
const atOnce = 4;

/** The limits let a silent mediator delay the other orders by less than a minute. */
const { actOnOrder } = proxyActivities<BulkActivities>({
  startToCloseTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumAttempts: 3 },
});

/**
 * One action on many orders. Each order is asked once, a few at a time, and its answer is kept for the report. A pause
 * lets the orders finish that were asked already. A stop, or Temporal's own cancel, leaves the rest alone.
 */
export const bulk = (start: StartBulk): Promise<BulkProgress> =>
  toTheEnd(async (cancelRequested) => {
    const work = openWork(start, cancelRequested);
    await Promise.all(Array.from({ length: atOnce }, () => askInTurn(work)));
    if (decide(work.state) !== 'end') {
      await condition(allHandlersFinished);
      await continueAsNew<typeof bulk>(carriedOver(work.state));
    }
    work.change({ type: 'ended' });
    return progressOf(work.state);
  });

/** A bulk action may be paused for months. */
setWorkflowOptions(autoUpgrade, bulk);

/** Asks one order after the other until none is left, or until the history has become long. */
async function askInTurn(work: BulkWork): Promise<void> {
  for (;;) {
    await condition(() => decide(work.state) !== 'wait');
    const { orders, next } = work.state;
    const order = orders[next];
    if (!order || decide(work.state) === 'end' || workflowInfo().continueAsNewSuggested) return;
    work.change({ type: 'asked' });
    await ask(work, next, order);
  }
}

async function ask(work: BulkWork, index: number, order: BulkOrder): Promise<void> {
  try {
    const answer = await actOnOrder(askedOf(work.state.start, order));
    work.change({ type: 'answered', index, answer });
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error; // a bug
    work.change({ type: 'unanswered', index });
  }
}
