import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild } from '@temporalio/workflow';
import { replenishmentWorkflowId } from '../contracts/ids.ts';
import { replenishment as names, type StartReplenishment } from '../contracts/replenishment.ts';
import type { PurchaseOrder } from '../contracts/warehouse.ts';

/** Starts the flow of each new purchase order. They outlive the order that caused them; one that runs already is left alone. */
export async function startReplenishments(purchaseOrders: readonly PurchaseOrder[]): Promise<void> {
  await Promise.all(purchaseOrders.map(startReplenishment));
}

async function startReplenishment(purchaseOrder: PurchaseOrder): Promise<void> {
  const { purchaseOrderId, isbn, quantity } = purchaseOrder;
  const input: StartReplenishment = { purchaseOrderId, isbn, quantity, booked: [] };
  try {
    await startChild(names.workflowType, {
      workflowId: replenishmentWorkflowId(purchaseOrderId),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      parentClosePolicy: ParentClosePolicy.ABANDON,
      args: [input],
      staticSummary: `${quantity} of ${isbn} from the supplier`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
