import { workflowInfo } from '@temporalio/workflow';
import { formatMoney } from '../../contracts/money.ts';
import type { OrderMailKind } from '../../contracts/notification.ts';
import { startReplenishments, tellReady } from '../kit/stock.ts';
import { needsApproval, waitForApproval } from './approval.ts';
import { carryOut } from './carry-out.ts';
import { mailCommand } from './mail.ts';
import { answerOf, type Order } from './order.ts';
import { listCompensation } from './compensation.ts';
import { all } from './cancellation.ts';

/* The commands of the order mediator. Each lists its undo before it is asked, and keeps the answer that later ones need. */

export async function createOrder(order: Order): Promise<void> {
  const { customerId, currency, lines, shipTo } = order.start.event;
  listCompensation(order, 'cancel-order');
  const created = await carryOut(order, {
    name: 'create-order',
    command: ({ orderId, requestId }) => ({ orderId, requestId, customerId, currency, lines, shipTo }),
    summary: () => `${count(lines.length, 'title')} for ${customerId}`,
  });
  if (!created) throw new Error('create-order cannot be skipped.');
  order.answers.created = created;
  order.progress.price(created.total);
}

/** Charge and stock as the order is now: once at first, and again for what an amendment has changed. */
export async function settle(order: Order): Promise<void> {
  do await all([applyPayment(order), adjustInventory(order)]);
  while (!isPaid(order) || !hasStock(order));
}

const isPaid = (order: Order): boolean => order.answers.paid?.amount.amount === answerOf(order, 'created').total.amount;

const hasStock = ({ answers, event }: Order): boolean => answers.stockFor === event.lines;

async function applyPayment(order: Order): Promise<void> {
  if (needsApproval(order)) await waitForApproval(order);
  if (isPaid(order)) return;
  listCompensation(order, 'refund-payment');
  if (order.answers.paid) order.rounds.raise('apply-payment');
  const paid = await carryOut(order, {
    name: 'apply-payment',
    step: 2,
    command: (about) => ({ ...about, amount: answerOf(order, 'created').total, card: order.event.card }),
    summary: () => `charge ${formatMoney(answerOf(order, 'created').total)}`,
    ...(order.policy.approveAbove ? { prepare: () => waitForApproval(order) } : {}),
  });
  if (paid) order.answers.paid = paid;
}

async function adjustInventory(order: Order): Promise<void> {
  if (hasStock(order)) return;
  listCompensation(order, 'release-inventory');
  if (order.answers.stock) order.rounds.raise('adjust-inventory');
  const { workflowId } = workflowInfo();
  let lines = order.event.lines;
  const stock = await carryOut(order, {
    name: 'adjust-inventory',
    step: 2,
    command(about) {
      lines = order.event.lines;
      return { ...about, lines, orWait: true, workflowId };
    },
    summary: () => `take ${count(order.event.lines.length, 'title')} from stock`,
  });
  if (!stock) return;
  order.answers.stock = stock;
  order.answers.stockFor = lines;
  order.wasToldOfStock = false;
  await tellReady(stock.ready);
}

export async function fulfillOrder(order: Order): Promise<void> {
  listCompensation(order, 'unpack-order');
  const packed = await carryOut(order, {
    name: 'fulfill-order',
    command: ({ orderId, requestId }) => ({ orderId, requestId, lines: order.event.lines }),
    summary: () => `pack ${count(order.event.lines.length, 'title')}`,
    prepare: () => settle(order),
  });
  if (packed) order.answers.packed = packed;
}

/** Has no undo: stock that is low stays low when the order goes. */
export async function orderStock(order: Order): Promise<void> {
  const ordered = await carryOut(order, {
    name: 'order-stock',
    command: ({ orderId, requestId }) => ({ orderId, requestId, levels: answerOf(order, 'stock').levels }),
    summary: () => 're-order what is low',
  });
  if (ordered) await startReplenishments(ordered.purchaseOrders);
}

export async function shipOrder(order: Order): Promise<void> {
  const packed = answerOf(order, 'packed');
  listCompensation(order, 'recall-shipment');
  const shipment = await carryOut(order, {
    name: 'ship-order',
    command: ({ orderId, requestId }) => ({ orderId, requestId, shipTo: order.event.shipTo, packed }),
    summary: () => `${count(packed.parcels, 'parcel')} to ${order.event.shipTo.country}`,
    prepare: () => settle(order),
  });
  if (shipment) order.answers.shipment = shipment;
}

/** Has no undo: what was said was said. */
export async function emailCustomer(order: Order, kind: OrderMailKind): Promise<void> {
  const { shipment } = order.answers;
  const news =
    kind === 'shipped' && shipment ? { carrier: shipment.carrier, trackingNumber: shipment.trackingNumber } : {};
  await carryOut(order, {
    name: 'email-customer',
    kind,
    command: ({ requestId }) => mailCommand(order, kind, requestId, news),
    summary: () => `mail: ${kind}`,
  });
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
