import { continueAsNew, sleep, workflowInfo } from '@temporalio/workflow';
import type { Replenished, StartReplenishment } from '../contracts/replenishment.ts';
import type { Delivery } from '../contracts/warehouse.ts';
import { ask } from './ask.ts';

/** The supplier is asked soon at first, then less and less often. */
const firstWait = 2_000;
const longestWait = 15 * 60_000;

/** Waits for the deliveries of one purchase order, books each once, and closes it when nothing more will come. */
export async function replenishment(start: StartReplenishment): Promise<Replenished> {
  const { purchaseOrderId, isbn, quantity } = start;
  const booked = new Set(start.booked);
  let received = 0;
  for (let wait = firstWait; ; wait = Math.min(wait * 2, longestWait)) {
    const requestId = `${purchaseOrderId}/check-delivery`;
    const status = await ask('check-delivery', { requestId, purchaseOrderId }, `${quantity} of ${isbn}`);
    for (const delivery of status.deliveries.filter(({ deliveryId }) => !booked.has(deliveryId))) {
      await ask('receive-stock', { ...receipt(purchaseOrderId, delivery), isbn }, `${delivery.quantity} of ${isbn}`);
      booked.add(delivery.deliveryId);
      wait = firstWait;
    }
    received = status.deliveries.reduce((sum, delivery) => sum + delivery.quantity, 0);
    if (status.complete) break;
    if (workflowInfo().continueAsNewSuggested)
      await continueAsNew<typeof replenishment>({ ...start, booked: [...booked] });
    await sleep(wait);
  }
  await ask('close-purchase-order', { requestId: `${purchaseOrderId}/close-purchase-order`, purchaseOrderId }, isbn);
  return { purchaseOrderId, received };
}

const receipt = (purchaseOrderId: string, { deliveryId, quantity }: Delivery) => ({
  requestId: `${purchaseOrderId}/receive-stock/${deliveryId}`,
  purchaseOrderId,
  quantity,
});
