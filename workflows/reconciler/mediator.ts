import { patched, proxyActivities, setWorkflowOptions } from '@temporalio/workflow';
import type { RecoveredEvents, Reconciled, ReconcilerActivities } from '../../contracts/mediators/reconciler.ts';
import { callProcessor, failureOf } from '../kit/call.ts';
import { autoUpgrade } from '../kit/to-the-end.ts';

/** A charge without an answer for so long is not under way any more. */
const olderThanSeconds = 120;

const recovering = (summary: string) =>
  proxyActivities<ReconcilerActivities>({
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
    summary,
  });

/**
 * One round of the reconciler: recovers the orders and events whose workflow is gone, and gives back charges that came
 * too late for their order. The result is the report. The Schedule starts the next round, and never two at a time.
 */
export async function reconciler(): Promise<Reconciled> {
  const orders = await recovering('recover the orders whose workflow is gone').recoverOrders();
  const recovered = { ...orders, ...(await recoverEvents()) };
  const requestId = 'reconcile-charges';
  const summary = 'give back charges that came too late';
  try {
    // An absent payment processor must not delay the next round, which recovers orders and reads the charges again.
    const asking = { summary, retryFor: '20 seconds' } as const;
    const { givenBack } = await callProcessor('reconcile-charges', { requestId, olderThanSeconds }, asking);
    return { ...recovered, givenBack, trouble: null };
  } catch (error) {
    // The next round reads the charges again. The report of recovered orders must not be lost.
    return { ...recovered, givenBack: [], trouble: failureOf(error).message };
  }
}

/**
 * The example of a change to running workflows: `recoverEvents` was added here when rounds without it were running. A
 * round that began before replays without it. A new round records the marker `queued-events` and runs it. It is the
 * only `patched()` of the project.
 */
async function recoverEvents(): Promise<RecoveredEvents> {
  if (!patched('queued-events')) return { events: [], stuck: [] };
  return recovering('recover the events whose workflow is gone').recoverEvents();
}

/** A round that stayed with a version that no worker runs would keep the next round from starting. */
setWorkflowOptions(autoUpgrade, reconciler);
