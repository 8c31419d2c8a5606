import { currentUpdateInfo } from '@temporalio/workflow';
import { workflowInfo } from '@temporalio/workflow';
import { commandRequestId } from '../../contracts/ids.ts';
import type { InventoryUpdated } from '../../contracts/inventory.ts';
import type { Amend } from '../../contracts/order-actions.ts';
import type { OrderAmended } from '../../contracts/order-placement.ts';
import type { OrderLine, PlaceOrder } from '../../contracts/place-order.ts';
import { tellReady } from '../tell-ready.ts';
import { refused } from './action-rules.ts';
import { retryForOf } from './retry-for.ts';
import { answerOf, type Order } from './order.ts';

/**
 * Changes what is ordered, or where to: stock first (all the new lines or none; an amendment waits for nothing), then the order with its
 * prices. Refused by either, nothing has changed. What is held then goes on with the new content; the difference in price is charged or given
 * back before the next step.
 */
export async function amend(order: Order, amendment: Amend): Promise<void> {
  order.isBeingAmended = true;
  try {
    const event = { ...order.event, ...changesOf(amendment) };
    const stock = amendment.lines ? await takeStock(order, amendment.lines) : undefined;
    const priced = await price(order, event);
    await take(order, amendment, { event, priced, stock });
  } finally {
    order.isBeingAmended = false;
  }
}

const changesOf = ({ lines, shipTo }: Amend): Partial<PlaceOrder> => ({
  ...(lines ? { lines } : {}),
  ...(shipTo ? { shipTo } : {}),
});

async function takeStock(order: Order, lines: readonly OrderLine[]): Promise<InventoryUpdated> {
  const { file, rounds } = order;
  rounds.raise('adjust-inventory');
  const [orderId, round] = [file.orderId(), rounds.of('adjust-inventory')];
  const requestId = commandRequestId(orderId, 'adjust-inventory', round);
  const { workflowId } = workflowInfo();
  const command = { orderId, requestId, round, lines, orWait: false, workflowId };
  const retryFor = retryForOf(order, 'adjust-inventory');
  const answer = await file.ask({ name: 'adjust-inventory', command, summary: 'is there enough', step: 2, retryFor });
  if ('acknowledgement' in answer) return answer.acknowledgement;
  if (answer.trouble.kind === 'fault') stockIsUnsure(order);
  throw refused(order, `The order was not amended: ${answer.trouble.message}`);
}

/** Inventory may hold other lines than the order's: it is asked for the order's again before the next step. */
function stockIsUnsure({ answers }: Order): void {
  delete answers.stockFor;
}

/** Asked until it is answered: an amendment that may have happened must not be forgotten. */
async function price(order: Order, { lines, shipTo }: PlaceOrder): Promise<OrderAmended> {
  const { file, rounds } = order;
  if (file.wasAsked('amend-order')) rounds.raise('amend-order');
  const orderId = file.orderId();
  const requestId = commandRequestId(orderId, 'amend-order', rounds.of('amend-order'));
  const answer = await file.ask({
    name: 'amend-order',
    command: { orderId, requestId, lines, shipTo },
    summary: 'change the order',
    step: 1,
  });
  if ('acknowledgement' in answer) return answer.acknowledgement;
  stockIsUnsure(order);
  throw refused(order, `The order was not amended: ${answer.trouble.message}`);
}

interface Amended {
  readonly event: PlaceOrder;
  readonly priced: OrderAmended;
  readonly stock: InventoryUpdated | undefined;
}

async function take(order: Order, { lines, shipTo, actor }: Amend, { event, priced, stock }: Amended): Promise<void> {
  const created = answerOf(order, 'created');
  const costsOther = priced.total.amount !== created.total.amount;
  order.event = event;
  order.amendments += 1;
  order.answers.created = { ...created, lines: priced.lines, shipping: priced.shipping, total: priced.total };
  order.file.price(priced.total);
  if (stock) Object.assign(order.answers, { stock, stockFor: event.lines });
  letGoOn(order, { lines: Boolean(lines), shipTo: Boolean(shipTo), costsOther });
  const { requestId } = order.start.event;
  const entry = {
    requestId,
    orderId: order.file.orderId(),
    actionId: currentUpdateInfo()?.id ?? `amend/${order.amendments}`,
  };
  const details = { ...(lines ? { lines } : {}), ...(shipTo ? { country: shipTo.country } : {}) };
  const carried = { event, amendments: order.amendments, rounds: order.rounds.all };
  await order.ledger.recordAction({ ...entry, action: 'amend', actor: actor ?? null, details, ...carried });
  await tellReady(stock?.ready);
}

interface Changed {
  readonly lines: boolean;
  readonly shipTo: boolean;
  readonly costsOther: boolean;
}

/**
 * What is held goes on where the amendment has changed its content. A declined card does not get better by it: the payment waits on, for the new
 * amount, and under another round, because an attempt that failed may have charged the old one.
 */
function letGoOn({ holds, rounds }: Order, { lines, shipTo, costsOther }: Changed): void {
  const stock = holds.of('adjust-inventory');
  const [packing, shipping] = [holds.of('fulfill-order'), holds.of('ship-order')];
  if (costsOther && holds.of('apply-payment')) rounds.raise('apply-payment');
  if (stock && lines) holds.release(stock, { how: 'settled', by: 'amend' });
  if (packing && lines) holds.release(packing, { how: 'anew', by: 'amend' });
  if (shipping && shipTo) holds.release(shipping, { how: 'anew', by: 'amend' });
}
