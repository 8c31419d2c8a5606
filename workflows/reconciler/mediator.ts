import { patched, proxyActivities, setWorkflowOptions, workflowInfo } from '@temporalio/workflow';
import type { RecoveredEvents, Reconciled, ReconcilerActivities } from '../../contracts/mediators/reconciler.ts';
import type { ChargesReconciled } from '../../contracts/payment.ts';
import type { StockReconciled } from '../../contracts/warehouse.ts';
import { callProcessor, failureOf } from '../kit/call.ts';
import { autoUpgrade } from '../kit/to-the-end.ts';

/** A charge or a purchase order without an answer for so long is not under way any more. */
const olderThanSeconds = 120;
const retryFor = '20 seconds';

const recovering = (summary: string) =>
  proxyActivities<ReconcilerActivities>({
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
    summary,
  });

/**
 * One round of the reconciler: recovers the orders and events whose workflow is gone, gives back charges that came too
 * late for their order, and sees that what waiting orders lack is on order and on its way. The result is the report.
 * The Schedule starts the next round, and never two at a time.
 */
export async function reconciler(): Promise<Reconciled> {
  const orders = await recovering('recover the orders whose workflow is gone').recoverOrders();
  const events = await recoverEvents();
  const [charges, stock] = await Promise.all([reconcileCharges(), reconcileStock()]);
  const trouble = [charges.trouble, stock.trouble].filter((one) => one !== null).join(' ') || null;
  return { ...orders, ...events, ...stock, givenBack: charges.givenBack, trouble };
}

/**
 * An absent processor must not delay the next round, which recovers orders and asks again; and the report of recovered
 * orders must not be lost.
 */
async function orTrouble<Answer>(
  asking: Promise<Answer>,
  nothing: Answer,
): Promise<Answer & { trouble: string | null }> {
  try {
    return { ...(await asking), trouble: null };
  } catch (error) {
    return { ...nothing, trouble: failureOf(error).message };
  }
}

function reconcileCharges() {
  const asking = { summary: 'give back charges that came too late', retryFor } as const;
  const command = { requestId: 'reconcile-charges', olderThanSeconds };
  return orTrouble<ChargesReconciled>(callProcessor('reconcile-charges', command, asking), { givenBack: [] });
}

/** Rounds that began before stock was looked after replay without it. */
async function reconcileStock(): Promise<Pick<Reconciled, 'uncovered' | 'replenished' | 'trouble'>> {
  if (!patched('stock')) return { uncovered: [], replenished: [], trouble: null };
  const asking = { summary: 'order what waiting orders lack', retryFor } as const;
  const command = { requestId: `reconcile-stock/${workflowInfo().runId}`, olderThanSeconds };
  const asked = callProcessor('reconcile-stock', command, asking);
  const { uncovered, trouble } = await orTrouble<StockReconciled>(asked, { uncovered: [], purchaseOrders: [] });
  const { recoverReplenishments } = recovering('recover the replenishments whose workflow is gone');
  return { uncovered, trouble, ...(await recoverReplenishments()) };
}

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
