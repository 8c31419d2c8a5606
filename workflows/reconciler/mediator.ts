import { patched, proxyActivities, setWorkflowOptions } from '@temporalio/workflow';
import type { RecoveredEvents, Reconciled, ReconcilerActivities } from '../../contracts/mediators/reconciler.ts';
import { callProcessor, failureOf } from '../kit/call.ts';
import { autoUpgrade } from '../kit/to-the-end.ts';

/** A charge that nobody has heard of for so long is not under way any more. */
const olderThanSeconds = 120;

const carryingOn = (summary: string) =>
  proxyActivities<ReconcilerActivities>({
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
    summary,
  });

/**
 * One round of the reconciler: carries on the orders and events whose workflow is gone, and gives back charges that arrived when nobody waited for them
 * any more. Its result is its report. The Schedule starts the next round, and never two at a time.
 */
export async function reconciler(): Promise<Reconciled> {
  const orders = await carryingOn('carry on the orders whose workflow is gone').recoverOrders();
  const recovered = { ...orders, ...(await recoverEvents()) };
  const requestId = 'reconcile-charges';
  const summary = 'give back charges that came too late';
  try {
    // Payment that is away must not keep the next round, which carries on what has nothing to do with it: charges are looked at again then.
    const asking = { summary, retryFor: '20 seconds' } as const;
    const { givenBack } = await callProcessor('reconcile-charges', { requestId, olderThanSeconds }, asking);
    return { ...recovered, givenBack, trouble: null };
  } catch (error) {
    // The next round looks again; the report of what was carried on must not be lost for it.
    return { ...recovered, givenBack: [], trouble: failureOf(error).message };
  }
}

/** A round that began under the code before there was a queue goes on without. */
async function recoverEvents(): Promise<RecoveredEvents> {
  if (!patched('queued-events')) return { events: [], stuck: [] };
  return carryingOn('carry on the events whose workflow is gone').recoverEvents();
}

/** A round that stayed with a version nobody runs any more would keep the next from starting. */
setWorkflowOptions(autoUpgrade, reconciler);
