import { workflowInfo } from '@temporalio/workflow';
import { formatMoney } from '../../contracts/money.ts';
import type { OrderMailKind } from '../../contracts/notification.ts';
import { createOrderCommand } from '../../contracts/order-placement.ts';
import { startReplenishments, tellReady } from '../kit/stock.ts';
import { mailCommand } from './execute.ts';
import { needsApproval } from './hold-rules.ts';
import { callOrHold, waitForApproval } from './hold.ts';
import { all, type OpenOrder } from './order.ts';
import { neededAnswer, type Order } from './state.ts';

/* The commands of the steps. Each lists its compensation before its call, and keeps the answer that later ones need. */

export async function createOrder(order: OpenOrder): Promise<void> {
  const { event } = order.start;
  const created = await callOrHold(order, {
    name: 'create-order',
    command: (_, ids) => createOrderCommand(event, ids),
    summary: () => `${count(event.lines.length, 'title')} for ${event.customerId}`,
  });
  if (!created) throw new Error('create-order cannot be skipped.');
  order.apply({ type: 'answered', answers: { created } });
}

/** Charges and takes stock for the order as it is now: once at first, and again for what an amendment has changed. */
export async function chargeAndReserve(order: OpenOrder): Promise<void> {
  while (!isChargedAndReserved(order.state)) await all([applyPayment(order), adjustInventory(order)]);
}

const isChargedAndReserved = (order: Order): boolean => !needsApproval(order) && isPaid(order) && hasStock(order);

const isPaid = (order: Order): boolean =>
  order.answers.paid?.amount.amount === neededAnswer(order, 'created').total.amount;

const hasStock = ({ answers, event }: Order): boolean => answers.stockFor === event.lines;

async function applyPayment(order: OpenOrder): Promise<void> {
  if (needsApproval(order.state)) await waitForApproval(order);
  if (isPaid(order.state)) return;
  const paid = await callOrHold(order, {
    name: 'apply-payment',
    step: 2,
    command: ({ answers, event }, ids) => ({
      ...ids,
      amount: neededAnswer({ answers }, 'created').total,
      card: event.card,
    }),
    summary: ({ answers }) => `charge ${formatMoney(neededAnswer({ answers }, 'created').total)}`,
    prepare: () => waitForApproval(order),
  });
  if (paid) order.apply({ type: 'answered', answers: { paid } });
}

async function adjustInventory(order: OpenOrder): Promise<void> {
  if (hasStock(order.state)) return;
  const { workflowId } = workflowInfo();
  let stockFor = order.state.event.lines;
  const stock = await callOrHold(order, {
    name: 'adjust-inventory',
    step: 2,
    command({ event: { lines }, policy: { reorderedBy } }, ids) {
      stockFor = lines;
      return { ...ids, lines, orWait: true, workflowId, ...(reorderedBy ? { reorderedBy } : {}) };
    },
    summary: ({ event }) => `take ${count(event.lines.length, 'title')} from stock`,
  });
  if (!stock) return;
  order.apply({ type: 'answered', answers: { stock, stockFor } });
  await tellReady(stock.ready);
}

export async function fulfillOrder(order: OpenOrder): Promise<void> {
  const packed = await callOrHold(order, {
    name: 'fulfill-order',
    command: ({ event: { lines } }, { orderId, requestId }) => ({ orderId, requestId, lines }),
    summary: ({ event }) => `pack ${count(event.lines.length, 'title')}`,
    prepare: () => chargeAndReserve(order),
  });
  if (packed) order.apply({ type: 'answered', answers: { packed } });
}

/**
 * Has no compensation: stock that is low stays low when the order goes. Does nothing where the order's policy has
 * listeners do it.
 */
export async function orderStock(order: OpenOrder): Promise<void> {
  if (order.state.policy.reorderedBy === 'listeners') return;
  const ordered = await callOrHold(order, {
    name: 'order-stock',
    command: ({ answers }, { orderId, requestId }) => ({
      orderId,
      requestId,
      levels: neededAnswer({ answers }, 'stock').levels,
    }),
    summary: () => 're-order what is low',
  });
  if (ordered) await startReplenishments(ordered.purchaseOrders);
}

export async function shipOrder(order: OpenOrder): Promise<void> {
  const packed = neededAnswer(order.state, 'packed');
  const shipment = await callOrHold(order, {
    name: 'ship-order',
    command: ({ event: { shipTo } }, { orderId, requestId }) => ({ orderId, requestId, shipTo, packed }),
    summary: ({ event }) => `${count(packed.parcels, 'parcel')} to ${event.shipTo.country}`,
    prepare: () => chargeAndReserve(order),
  });
  if (shipment) order.apply({ type: 'answered', answers: { shipment } });
}

/** Has no compensation: a mail cannot be called back. */
export async function emailCustomer(order: OpenOrder, kind: OrderMailKind): Promise<void> {
  const { shipment } = order.state.answers;
  const news =
    kind === 'shipped' && shipment ? { carrier: shipment.carrier, trackingNumber: shipment.trackingNumber } : {};
  await callOrHold(order, {
    name: 'email-customer',
    kind,
    command: (state, { requestId }) => mailCommand(state, kind, requestId, news),
    summary: () => `mail: ${kind}`,
  });
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
