import { continueAsNew, log, setWorkflowOptions, sleep, workflowInfo } from '@temporalio/workflow';
import type { Replenished, StartReplenishment } from '../../contracts/mediators/replenishment.ts';
import type { Delivery } from '../../contracts/warehouse.ts';
import { callOnce, callUntilDone, type AcknowledgementOf, type CommandOf } from '../kit/call.ts';
import { autoUpgrade } from '../kit/to-the-end.ts';
import { startReplenishments, tellReady } from '../kit/stock.ts';
import type { CommandName } from '../../contracts/command-routes.ts';

/** The supplier is asked soon at first, then less and less often. Milliseconds. */
const firstWait = 2_000;
const longestWait = 15 * 60_000;
/** The pauses after a failure, in minutes. */
const afterFailure = { first: 15, longest: 15 };

/**
 * Waits for the deliveries of one purchase order, books each once, and closes the purchase order when nothing more will
 * come. What waiting orders still lack then is on order again, and has a replenishment of its own.
 */
export async function replenishment(start: StartReplenishment): Promise<Replenished> {
  const { purchaseOrderId, isbn, quantity } = start;
  const booked = new Set(start.booked);
  const continueWhenLong = async (): Promise<void> => {
    if (!workflowInfo().continueAsNewSuggested) return;
    await continueAsNew<typeof replenishment>({ ...start, booked: [...booked] });
  };
  const callToTheEnd = untilDone(continueWhenLong);
  let received = 0;
  for (let wait = firstWait; ; wait = Math.min(wait * 2, longestWait)) {
    const requestId = `${purchaseOrderId}/check-delivery`;
    const status = await callToTheEnd('check-delivery', { requestId, purchaseOrderId }, `${quantity} of ${isbn}`);
    for (const delivery of status.deliveries.filter(({ deliveryId }) => !booked.has(deliveryId))) {
      const summary = `${delivery.quantity} of ${isbn}`;
      const { ready } = await callToTheEnd('receive-stock', { ...receipt(purchaseOrderId, delivery), isbn }, summary);
      await tellReady(ready);
      booked.add(delivery.deliveryId);
      wait = firstWait;
    }
    received = status.deliveries.reduce((sum, delivery) => sum + delivery.quantity, 0);
    if (status.complete) break;
    await continueWhenLong();
    await sleep(wait);
  }
  const closing = { requestId: `${purchaseOrderId}/close-purchase-order`, purchaseOrderId };
  const { purchaseOrders } = await callToTheEnd('close-purchase-order', closing, isbn);
  await startReplenishments(purchaseOrders);
  return { purchaseOrderId, received };
}

/** A purchase order may stay open for months. */
setWorkflowOptions(autoUpgrade, replenishment);

/**
 * A purchase order is never held. After a failure, even a lasting one of the supplier, the command is called again
 * later.
 */
const untilDone =
  (continueWhenLong: () => Promise<void>) =>
  <Name extends CommandName>(name: Name, command: CommandOf<Name>, summary: string): Promise<AcknowledgementOf<Name>> =>
    callUntilDone(
      () => callOnce({ name, command, summary }),
      async ({ message }): Promise<'later'> => {
        log.warn('a purchase order cannot go on', { requestId: command.requestId, message });
        await continueWhenLong();
        return 'later';
      },
      afterFailure,
    );

const receipt = (purchaseOrderId: string, { deliveryId, quantity }: Delivery) => ({
  requestId: `${purchaseOrderId}/receive-stock/${deliveryId}`,
  purchaseOrderId,
  quantity,
});
