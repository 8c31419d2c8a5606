import { proxyActivities, setWorkflowOptions } from '@temporalio/workflow';
import type { Reconciled, ReconcilerActivities } from '../contracts/reconciler.ts';
import { ask, troubleOf } from './ask.ts';
import { movesOn } from './moves-on.ts';

/** A charge that nobody has heard of for so long is not under way any more. */
const olderThanSeconds = 120;

/**
 * One round of the reconciler: carries on the orders whose workflow is gone, and gives back charges that arrived when nobody waited for them
 * any more. Its result is its report. The Schedule starts the next round, and never two at a time.
 */
export async function reconciler(): Promise<Reconciled> {
  const { carryOnOrders } = proxyActivities<ReconcilerActivities>({
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
    summary: 'carry on the orders whose workflow is gone',
  });
  const carriedOn = await carryOnOrders();
  const requestId = 'reconcile-charges';
  const summary = 'give back charges that came too late';
  try {
    const asking = { summary, retryFor: '5 minutes' } as const;
    const { givenBack } = await ask('reconcile-charges', { requestId, olderThanSeconds }, asking);
    return { ...carriedOn, givenBack, trouble: null };
  } catch (error) {
    // The next round looks again; the report of what was carried on must not be lost for it.
    return { ...carriedOn, givenBack: [], trouble: troubleOf(error).message };
  }
}

/** A round that stayed with a version nobody runs any more would keep the next from starting. */
setWorkflowOptions(movesOn, reconciler);
