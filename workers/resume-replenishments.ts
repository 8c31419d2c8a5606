import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { channels } from '../contracts/channels.ts';
import { replenishment, replenishmentStart } from '../contracts/mediators/replenishment.ts';
import type { PurchaseOrder } from '../contracts/warehouse.ts';
import type { WarehouseStore } from '../activities/warehouse/store.ts';
import type { ComponentContext } from './component.ts';

/**
 * Long enough for a Temporal that is up. One that is down is asked again when a warehouse worker starts the next time.
 */
const startWithinMs = 10_000;

/**
 * Starts the workflow of every open purchase order that has none. A Temporal that came back empty has lost them all,
 * and a title with an open purchase order is not ordered again. Workflows that run or have ended are left alone. Never
 * fails: errors are logged. Starts no further workflow once `signal` is given.
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

/**
 * True when the workflow had to be started. A delivery that was booked before is booked under the same request id, so
 * nothing happens twice.
 */
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
