import { workflowInfo } from '@temporalio/workflow';
import { commandRequestId } from '../../contracts/ids.ts';
import type { InventoryUpdated } from '../../contracts/inventory.ts';
import type { Amend } from '../../contracts/mediators/order-actions.ts';
import type { OrderAmended } from '../../contracts/order-placement.ts';
import type { OrderLine, PlaceOrder } from '../../contracts/place-order.ts';
import { tellReady } from '../kit/stock.ts';
import { refused } from './action-rules.ts';
import { needsApproval } from './approval.ts';
import { resume } from './resume.ts';
import { answerOf, type Order } from './order.ts';
import { about, recordAction } from './records.ts';
import { retryForOf } from './retry-for.ts';
import { listCompensation } from './compensation.ts';

/**
 * Changes what is ordered, or where to. Refused by inventory or order-placement, nothing has changed. What is held then goes on with
 * the new content; the difference in price is charged or given back before the next step.
 */
export async function amend(order: Order, amendment: Amend): Promise<void> {
  const { rounds } = order;
  order.isBeingAmended = true;
  if (amendment.lines) rounds.raise('adjust-inventory');
  await noteAmendment(order, amendment);
  const why = await finishAmendment(order, amendment);
  if (why !== undefined) throw refused(order, `The order was not amended: ${why}`);
}

/** As the mediator store has it: begun, or come to nothing. A workflow that takes the place of this one finishes what had begun. */
const noteAmendment = (order: Order, amendment: Amend | null): Promise<void> =>
  order.records.noteAmendment({ ...about(order), amendment, rounds: order.rounds.all });

/**
 * Takes the new lines from stock (all or none; an amendment waits for nothing), prices the order anew, and only then changes it. Returns why not, as
 * a sentence. Safe to begin again under the same rounds.
 */
export async function finishAmendment(order: Order, amendment: Amend): Promise<string | undefined> {
  order.isBeingAmended = true;
  try {
    const event = { ...order.event, ...changesOf(amendment) };
    const stock = amendment.lines ? await takeStock(order, amendment.lines) : undefined;
    if (stock && 'why' in stock) return await comeToNothing(order, stock);
    const priced = await price(order, event);
    if ('why' in priced) return await comeToNothing(order, { ...priced, inventoryDiffers: Boolean(stock) });
    await take(order, amendment, { event, priced, stock });
    return undefined;
  } finally {
    order.isBeingAmended = false;
  }
}

const changesOf = ({ lines, shipTo }: Amend): Partial<PlaceOrder> => ({
  ...(lines ? { lines } : {}),
  ...(shipTo ? { shipTo } : {}),
});

interface NotAmended {
  readonly why: string;
  /** Whether inventory may hold the lines of the amendment. */
  readonly inventoryDiffers?: boolean;
}

async function takeStock(order: Order, lines: readonly OrderLine[]): Promise<InventoryUpdated | NotAmended> {
  const { progress: file, rounds } = order;
  const [orderId, round] = [file.orderId(), rounds.of('adjust-inventory')];
  const requestId = commandRequestId(orderId, 'adjust-inventory', round);
  const { workflowId } = workflowInfo();
  listCompensation(order, 'release-inventory'); // an order that waits for its approval has not taken any yet
  const command = { orderId, requestId, round, lines, orWait: false, workflowId };
  const retryFor = retryForOf(order, 'adjust-inventory');
  const answer = await file.ask({ name: 'adjust-inventory', command, summary: 'is there enough', step: 2, retryFor });
  if ('acknowledgement' in answer) return answer.acknowledgement;
  return { why: answer.failure.message, inventoryDiffers: answer.failure.kind === 'fault' };
}

/** Under the number of the amendment. Asked until it is answered: one that may have happened must not be forgotten. A refusal leaves no trace. */
async function price(order: Order, { lines, shipTo }: PlaceOrder): Promise<OrderAmended | NotAmended> {
  const orderId = order.progress.orderId();
  const requestId = commandRequestId(orderId, 'amend-order', order.amendments + 1);
  const command = { orderId, requestId, lines, shipTo };
  const answer = await order.progress.ask({ name: 'amend-order', command, summary: 'change the order', step: 1 });
  return 'acknowledgement' in answer ? answer.acknowledgement : { why: answer.failure.message };
}

/**
 * Nothing has changed. Whatever inventory is asked from now on is under another round than the amendment's. Where it may hold the amendment's lines, it is
 * asked for the order's own: at once where the order waits for stock, and before the next step where it does not.
 */
async function comeToNothing(order: Order, { why, inventoryDiffers }: NotAmended): Promise<string> {
  const { answers, holds, rounds } = order;
  rounds.raise('adjust-inventory');
  if (inventoryDiffers) {
    delete answers.stockFor;
    const hold = holds.of('adjust-inventory');
    if (hold) resume(order, hold, { how: 'anew', by: 'amend' });
  }
  await noteAmendment(order, null);
  return why;
}

interface Amended {
  readonly event: PlaceOrder;
  readonly priced: OrderAmended;
  readonly stock: InventoryUpdated | undefined;
}

async function take(order: Order, amendment: Amend, { event, priced, stock }: Amended): Promise<void> {
  const { lines, shipTo, actor } = amendment;
  const created = answerOf(order, 'created');
  const hasOtherPrice = priced.total.amount !== created.total.amount;
  order.event = event;
  order.amendments += 1;
  order.answers.created = { ...created, lines: priced.lines, shipping: priced.shipping, total: priced.total };
  order.progress.price(priced.total);
  if (stock) Object.assign(order.answers, { stock, stockFor: event.lines });
  letGoOn(order, amendment, hasOtherPrice);
  const details = { ...(lines ? { lines } : {}), ...(shipTo ? { country: shipTo.country } : {}) };
  const action = { action: 'amend', actor: actor ?? null, details, event, amendments: order.amendments } as const;
  await recordAction(order, action, `amend/${order.amendments}`);
  await tellReady(stock?.ready);
}

/**
 * What is held goes on where the amendment has changed its content. A declined card does not get better by it: the payment waits on, for the new
 * amount and under another round (an attempt that failed may have charged the old one), unless enough is paid already.
 */
function letGoOn(order: Order, { lines, shipTo }: Amend, hasOtherPrice: boolean): void {
  const { holds, rounds, answers } = order;
  const [payment, stock] = [holds.of('apply-payment'), holds.of('adjust-inventory')];
  const [packing, shipping] = [holds.of('fulfill-order'), holds.of('ship-order')];
  if (holds.approval && !needsApproval(order)) resume(order, holds.approval, { how: 'settled', by: 'amend' });
  const isPaid = (answers.paid?.amount.amount ?? -1) >= answerOf(order, 'created').total.amount;
  if (payment && isPaid) resume(order, payment, { how: 'anew', by: 'amend' });
  else if (payment && hasOtherPrice) rounds.raise('apply-payment');
  if (stock && lines) resume(order, stock, { how: 'settled', by: 'amend' });
  if (packing && lines) resume(order, packing, { how: 'anew', by: 'amend' });
  if (shipping && shipTo) resume(order, shipping, { how: 'anew', by: 'amend' });
}
