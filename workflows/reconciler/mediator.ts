import { log, patched, proxyActivities, setWorkflowOptions, workflowInfo } from '@temporalio/workflow';
import type { RecoveredEvents, Reconciled, ReconcilerActivities } from '../../contracts/mediators/reconciler.ts';
import { callProcessor, failureOf } from '../kit/call.ts';
import { autoUpgrade } from '../kit/to-the-end.ts';

/** A charge, booking or purchase order without an answer for so long is not under way any more. */
const olderThanSeconds = 120;

const recovering = (summary: string) =>
  proxyActivities<ReconcilerActivities>({
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
    summary,
  });

/**
 * One round of the reconciler: recovers the orders and events whose workflow is gone, takes back charges and shipments
 * that came too late for their order, and sees that what waiting orders lack is on order and on its way, and that
 * listeners have ordered what is low. The result is the report. The Schedule starts the next round, and never two at a
 * time.
 */
export async function reconciler(): Promise<Reconciled> {
  const orders = await recovering('recover the orders whose workflow is gone').recoverOrders();
  const events = await recoverEvents();
  const [charges, shipments, stock] = await Promise.all([lateCharges(), lateShipments(), lackingStock()]);
  if (stock.done?.overlooked?.length)
    log.warn('low titles that listeners should have ordered were ordered', { isbns: stock.done.overlooked });
  const replenishments = await recovering('recover the replenishments whose workflow is gone').recoverReplenishments();
  return {
    ...orders,
    ...events,
    ...replenishments,
    givenBack: charges.done?.givenBack ?? [],
    recalled: shipments.done?.recalled ?? [],
    uncovered: stock.done?.uncovered ?? [],
    overlooked: stock.done?.overlooked ?? [],
    trouble: [charges, shipments, stock].flatMap(({ trouble }) => trouble ?? []).join(' ') || null,
  };
}

/**
 * An absent processor must not delay the next round, which recovers orders and reads everything again; the report of
 * recovered orders must not be lost.
 */
async function orTrouble<Done>(asked: Promise<Done>) {
  try {
    return { done: await asked, trouble: null };
  } catch (error) {
    return { done: null, trouble: failureOf(error).message };
  }
}

const asking = (summary: string) => ({ summary, retryFor: '20 seconds' }) as const;

function lateCharges() {
  const command = { requestId: 'reconcile-charges', olderThanSeconds };
  return orTrouble(callProcessor('reconcile-charges', command, asking('give back charges that came too late')));
}

function lateShipments() {
  const command = { requestId: 'reconcile-shipments', olderThanSeconds };
  return orTrouble(callProcessor('reconcile-shipments', command, asking('call back shipments that came too late')));
}

function lackingStock() {
  const command = { requestId: `reconcile-stock/${workflowInfo().runId}`, olderThanSeconds };
  return orTrouble(callProcessor('reconcile-stock', command, asking('order what waiting orders lack')));
}

/**
 * The example of a change to running workflows: `recoverEvents` was added here when rounds without it were running. A
 * round that began before replays without it. A new round records the marker `queued-events` and runs it.
 */
async function recoverEvents(): Promise<RecoveredEvents> {
  if (!patched('queued-events')) return { events: [], stuck: [], customers: [] };
  return recovering('recover the events whose workflow is gone').recoverEvents();
}

/** A round that stayed with a version that no worker runs would keep the next round from starting. */
setWorkflowOptions(autoUpgrade, reconciler);
