import { workflowInfo } from '@temporalio/workflow';
import { commandRequestId } from '../../contracts/ids.ts';
import type { InventoryUpdated } from '../../contracts/inventory.ts';
import type { Amend } from '../../contracts/mediators/order-actions.ts';
import type { OrderAmended } from '../../contracts/order-placement.ts';
import type { OrderLine, PlaceOrder } from '../../contracts/place-order.ts';
import { tellReady } from '../kit/stock.ts';
import { perform } from './execute.ts';
import type { OpenOrder } from './order.ts';
import { orderIdOf, roundOf } from './state.ts';

interface NotAmended {
  readonly why: string;
  /** True when inventory may hold the lines of the amendment. */
  readonly inventoryDiffers: boolean;
}

/**
 * Changes what is ordered, or where to: takes the new lines from stock (all or none; an amendment waits for nothing),
 * prices the order anew, and only then changes it. Returns why not, as a sentence; then nothing has changed. A workflow
 * that takes the place of this one finishes an amendment that had begun (`isRecovered`), under the same rounds.
 */
export async function amend(order: OpenOrder, amendment: Amend, isRecovered = false): Promise<string | undefined> {
  try {
    await perform(order, { type: 'amendment-begun', amendment, isRecovered });
    const { lines, shipTo } = amendment;
    const event = { ...order.state.event, ...(lines ? { lines } : {}), ...(shipTo ? { shipTo } : {}) };
    const stock = lines ? await takeStock(order, lines) : null;
    if (stock && 'why' in stock) return await leaveAsItWas(order, stock);
    const priced = await price(order, event);
    if ('why' in priced) return await leaveAsItWas(order, { ...priced, inventoryDiffers: stock !== null });
    await perform(order, { type: 'amended', amendment, event, priced, stock });
    await tellReady(stock?.ready);
    return undefined;
  } finally {
    order.apply({ type: 'amendment-over' });
  }
}

async function takeStock(order: OpenOrder, lines: readonly OrderLine[]): Promise<InventoryUpdated | NotAmended> {
  const [orderId, round] = [orderIdOf(order.state), roundOf(order.state, 'adjust-inventory')];
  const requestId = commandRequestId(orderId, 'adjust-inventory', round);
  const { workflowId } = workflowInfo();
  const command = { orderId, requestId, round, lines, orWait: false, workflowId };
  const answer = await order.call({ name: 'adjust-inventory', command, summary: 'is there enough', step: 2 });
  if ('acknowledgement' in answer) return answer.acknowledgement;
  return { why: answer.failure.message, inventoryDiffers: answer.failure.kind === 'fault' };
}

/**
 * Called under the number of the amendment until it is answered: one that may have happened must not be forgotten. A
 * refusal leaves no trace.
 */
async function price(order: OpenOrder, event: PlaceOrder): Promise<OrderAmended | Pick<NotAmended, 'why'>> {
  const answer = await callAmendOrder(order, event, order.state.amendments + 1, 'change the order');
  return 'acknowledgement' in answer ? answer.acknowledgement : { why: answer.failure.message };
}

/** Calls order placement for an amendment; the answer to one that was priced before is given again. */
export function callAmendOrder(order: OpenOrder, { lines, shipTo }: PlaceOrder, amendment: number, summary: string) {
  const orderId = orderIdOf(order.state);
  const requestId = commandRequestId(orderId, 'amend-order', amendment);
  const command = { orderId, requestId, lines, shipTo };
  return order.call({ name: 'amend-order', command, summary, step: 1, retry: 'without-end' });
}

/**
 * Inventory may hold the amendment's lines. Then it is called for the order's own: at once when the order waits for
 * stock, otherwise before the next step.
 */
async function leaveAsItWas(order: OpenOrder, { why, inventoryDiffers }: NotAmended): Promise<string> {
  await perform(order, { type: 'amendment-refused', inventoryDiffers });
  return why;
}
