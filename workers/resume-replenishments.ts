import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { channels } from '../contracts/channels.ts';
import { replenishment, replenishmentStart } from '../contracts/mediators/replenishment.ts';
import type { PurchaseOrder } from '../contracts/warehouse.ts';
import type { WarehouseStore } from '../activities/warehouse/store.ts';
import type { ComponentContext } from './component.ts';

/** Long enough for a Temporal that is up; one that is not is asked again when a warehouse worker starts the next time. */
const startWithinMs = 10_000;

/**
 * Starts the flow of every open purchase order that has none: a Temporal that came back empty knows of none of them, and a title
 * with an open purchase order is not ordered again. Those that run or have ended are left alone. Never fails: trouble is logged.
 * Begins no further one once `signal` is given.
 */
export async function resumeReplenishments(
  store: Pick<WarehouseStore, 'openPurchaseOrders'>,
  context: ComponentContext,
  signal: AbortSignal,
): Promise<void> {
  const { log } = context;
  try {
    const client = await context.resources.client();
    for (const purchaseOrder of await store.openPurchaseOrders()) {
      if (signal.aborted) return;
      const resumed = await client.withDeadline(Date.now() + startWithinMs, () => resume(client, purchaseOrder));
      const { purchaseOrderId, isbn } = purchaseOrder;
      if (resumed) log.warn({ purchaseOrderId, isbn }, 'an open purchase order had no replenishment; it was started');
    }
  } catch (error) {
    const advice = 'open purchase orders were not looked through; start a warehouse worker again to do so';
    log.error({ error: String(error) }, advice);
  }
}

/** Whether it had to be started. A delivery that was booked already is booked under the same request id: nothing happens twice. */
async function resume(client: Client, purchaseOrder: PurchaseOrder): Promise<boolean> {
  try {
    const taskQueue = channels.orderMediator;
    await client.workflow.start(replenishment.workflowType, { ...replenishmentStart(purchaseOrder), taskQueue });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
