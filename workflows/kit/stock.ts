import { TemporalFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { getExternalWorkflowHandle, log, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { channels } from '../../contracts/channels.ts';
import type { ReadyOrder } from '../../contracts/inventory.ts';
import { orderMediator } from '../../contracts/mediators/order-mediator.ts';
import { replenishment, replenishmentStart } from '../../contracts/mediators/replenishment.ts';
import type { PurchaseOrder } from '../../contracts/warehouse.ts';

/* When stock moves, other flows are told or started. */

/**
 * Tells orders that inventory has put aside all they wait for. It only tells: what is put aside is theirs already. An
 * order that has ended needs no telling, and one whose workflow was lost asks again when it is recovered.
 */
export async function tellReady(ready: readonly ReadyOrder[] | undefined): Promise<void> {
  await Promise.all((ready ?? []).map(signalReady));
}

async function signalReady({ orderId, workflowId }: ReadyOrder): Promise<void> {
  try {
    await getExternalWorkflowHandle(workflowId).signal(orderMediator.stockAllocatedSignal);
  } catch (error) {
    if (!(error instanceof TemporalFailure)) throw error;
    log.info('a waiting order could not be told', { orderId, error: String(error) });
  }
}

/**
 * Starts the flow of each new purchase order. They outlive the order that caused them; one that runs already is left
 * alone.
 */
export async function startReplenishments(purchaseOrders: readonly PurchaseOrder[] | undefined): Promise<void> {
  await Promise.all((purchaseOrders ?? []).map(startReplenishment));
}

async function startReplenishment(purchaseOrder: PurchaseOrder): Promise<void> {
  try {
    const parentClosePolicy = ParentClosePolicy.ABANDON;
    const start = { ...replenishmentStart(purchaseOrder), taskQueue: channels.orderMediator };
    await startChild(replenishment.workflowType, { ...start, parentClosePolicy });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
