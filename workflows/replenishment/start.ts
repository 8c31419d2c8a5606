import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild } from '@temporalio/workflow';
import { replenishment, replenishmentStart } from '../../contracts/mediators/replenishment.ts';
import type { PurchaseOrder } from '../../contracts/warehouse.ts';

/** Starts the flow of each new purchase order. They outlive the order that caused them; one that runs already is left alone. */
export async function startReplenishments(purchaseOrders: readonly PurchaseOrder[]): Promise<void> {
  await Promise.all(purchaseOrders.map(startReplenishment));
}

async function startReplenishment(purchaseOrder: PurchaseOrder): Promise<void> {
  try {
    const parentClosePolicy = ParentClosePolicy.ABANDON;
    await startChild(replenishment.workflowType, { ...replenishmentStart(purchaseOrder), parentClosePolicy });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
