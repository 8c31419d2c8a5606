import { TemporalFailure } from '@temporalio/common';
import { getExternalWorkflowHandle, log } from '@temporalio/workflow';
import type { ReadyOrder } from '../../contracts/inventory.ts';
import { orderMediator } from '../../contracts/mediators/order-mediator.ts';

/**
 * Tells orders that inventory has put aside all they wait for. It only tells: what is put aside is theirs already. An order that has ended needs
 * no telling, and one whose workflow was lost asks again when it is carried on.
 */
export async function tellReady(ready: readonly ReadyOrder[] | undefined): Promise<void> {
  await Promise.all((ready ?? []).map(tell));
}

async function tell({ orderId, workflowId }: ReadyOrder): Promise<void> {
  try {
    await getExternalWorkflowHandle(workflowId).signal(orderMediator.stockAllocatedSignal);
  } catch (error) {
    if (!(error instanceof TemporalFailure)) throw error;
    log.info('a waiting order could not be told', { orderId, error: String(error) });
  }
}
