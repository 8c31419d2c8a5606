import { patched, proxyActivities, setWorkflowOptions } from '@temporalio/workflow';
import type { RecoveredEvents, Reconciled, ReconcilerActivities } from '../../contracts/mediators/reconciler.ts';
import { callProcessor, failureOf } from '../kit/call.ts';
import { autoUpgrade } from '../kit/to-the-end.ts';

/** A charge or booking without an answer for so long is not under way any more. */
const olderThanSeconds = 120;

const recovering = (summary: string) =>
  proxyActivities<ReconcilerActivities>({
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
    summary,
  });

/**
 * One round of the reconciler: recovers the orders and events whose workflow is gone, and takes back charges and
 * shipments that came too late for their order. The result is the report. The Schedule starts the next round, and never
 * two at a time.
 */
export async function reconciler(): Promise<Reconciled> {
  const orders = await recovering('recover the orders whose workflow is gone').recoverOrders();
  const recovered = { ...orders, ...(await recoverEvents()) };
  const charges = await takeBack(() => lateCharges('give back charges that came too late'));
  const shipments = await takeBack(() => lateShipments('call back shipments that came too late'));
  return {
    ...recovered,
    givenBack: charges.done?.givenBack ?? [],
    recalled: shipments.done?.recalled ?? [],
    trouble: charges.trouble ?? shipments.trouble,
  };
}

/**
 * An absent processor must not delay the next round, which recovers orders and reads everything again; the report of
 * recovered orders must not be lost.
 */
async function takeBack<Done>(asked: () => Promise<Done>) {
  try {
    return { done: await asked(), trouble: null };
  } catch (error) {
    return { done: null, trouble: failureOf(error).message };
  }
}

const lateCharges = (summary: string) =>
  callProcessor('reconcile-charges', { requestId: 'reconcile-charges', olderThanSeconds }, asking(summary));

/** Added as `recoverEvents` was, when the carrier came to be asked. */
const lateShipments = async (summary: string) =>
  patched('late-shipments')
    ? callProcessor('reconcile-shipments', { requestId: 'reconcile-shipments', olderThanSeconds }, asking(summary))
    : { recalled: [] };

const asking = (summary: string) => ({ summary, retryFor: '20 seconds' }) as const;

/**
 * The example of a change to running workflows: `recoverEvents` was added here when rounds without it were running. A
 * round that began before replays without it. A new round records the marker `queued-events` and runs it.
 */
async function recoverEvents(): Promise<RecoveredEvents> {
  if (!patched('queued-events')) return { events: [], stuck: [] };
  return recovering('recover the events whose workflow is gone').recoverEvents();
}

/** A round that stayed with a version that no worker runs would keep the next round from starting. */
setWorkflowOptions(autoUpgrade, reconciler);
