import {
  condition,
  continueAsNew,
  defineSignal,
  log,
  setHandler,
  setWorkflowOptions,
  workflowInfo,
} from '@temporalio/workflow';
import { receiptRequestId } from '../../contracts/ids.ts';
import {
  replenishment as names,
  type Replenished,
  type StartReplenishment,
} from '../../contracts/mediators/replenishment.ts';
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
 * come. The supplier tells of each by an event, and is asked besides: what no event has told is booked later. After the
 * end whatever waiting orders still lack is on order again, and has a replenishment of its own.
 */
export async function replenishment(start: StartReplenishment): Promise<Replenished> {
  const { purchaseOrderId, isbn, quantity } = start;
  const booked = new Set(start.booked);
  const told = [...(start.told ?? [])];
  const isNew = ({ deliveryId }: Delivery): boolean => !booked.has(deliveryId);
  const isTold = (delivery: Delivery): boolean => told.some(({ deliveryId }) => deliveryId === delivery.deliveryId);
  setHandler(defineSignal<[Delivery]>(names.deliveredSignal), (delivery) => {
    // Told again and again until it is booked: once is enough.
    if (isDelivery(delivery) && isNew(delivery) && !isTold(delivery)) told.push(delivery);
  });
  let received = start.received ?? 0;
  const continueWhenLong = async (): Promise<void> => {
    if (!workflowInfo().continueAsNewSuggested) return;
    await continueAsNew<typeof replenishment>({ ...start, booked: [...booked], received, told: told.filter(isNew) });
  };
  const callToTheEnd = untilDone(continueWhenLong);
  const book = async (delivery: Delivery): Promise<void> => {
    const summary = `${delivery.quantity} of ${isbn}`;
    const { ready } = await callToTheEnd('receive-stock', { ...receipt(purchaseOrderId, delivery), isbn }, summary);
    await tellReady(ready);
    booked.add(delivery.deliveryId);
    received += delivery.quantity;
  };
  /** Books what is new of these; a list may grow meanwhile, and names a delivery twice. True when there was any. */
  const bookAll = async (deliveries: readonly Delivery[]): Promise<boolean> => {
    const before = booked.size;
    for (const delivery of deliveries) if (isNew(delivery)) await book(delivery);
    return booked.size > before;
  };
  for (let wait = firstWait; ; wait = Math.min(wait * 2, longestWait)) {
    if ((await bookAll(told)) && received >= quantity) break;
    const requestId = `${purchaseOrderId}/check-delivery`;
    const status = await callToTheEnd('check-delivery', { requestId, purchaseOrderId }, `${quantity} of ${isbn}`);
    if (await bookAll(status.deliveries)) wait = firstWait;
    if (status.complete) break;
    await continueWhenLong();
    if (await condition(() => told.some(isNew), wait)) wait = firstWait;
  }
  const closing = { requestId: `${purchaseOrderId}/close-purchase-order`, purchaseOrderId };
  const { purchaseOrders } = await callToTheEnd('close-purchase-order', closing, isbn);
  await startReplenishments(purchaseOrders);
  await bookAll(told); // what was told while it was closed
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

/** A signal may also come from the Web UI. */
const isDelivery = (given: Partial<Delivery> | null | undefined): boolean =>
  typeof given?.deliveryId === 'string' && Number.isSafeInteger(given.quantity) && Number(given.quantity) > 0;

const receipt = (purchaseOrderId: string, { deliveryId, quantity }: Delivery) => ({
  requestId: receiptRequestId(purchaseOrderId, deliveryId),
  purchaseOrderId,
  quantity,
});
