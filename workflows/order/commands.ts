import type { CommandName } from '../../contracts/commands.ts';
import { commandRequestId, createOrderRequestId } from '../../contracts/ids.ts';
import { formatMoney } from '../../contracts/money.ts';
import type { MailKind } from '../../contracts/notification.ts';
import { startReplenishments } from '../start-replenishments.ts';
import { answerOf, type Order } from './order.ts';

/* The commands of the order mediator. Each lists its undo before it is asked, and keeps the answer that later ones need. */

export async function createOrder(order: Order): Promise<void> {
  const { requestId, customerId, currency, lines, shipTo } = order.start.event;
  order.undos.add(() => {
    const command = { ...commandBase(order, 'cancel-order'), reason: reasonOf(order) };
    return order.file.ask('cancel-order', command, 'mark it cancelled', 1);
  });
  const command = { ...commandBase(order, 'create-order'), requestId: createOrderRequestId(requestId) };
  const summary = `${count(lines.length, 'title')} for ${customerId}`;
  order.answers.created = await order.file.ask(
    'create-order',
    { ...command, customerId, currency, lines, shipTo },
    summary,
  );
  order.file.price(order.answers.created.total);
}

export async function applyPayment(order: Order): Promise<void> {
  const { total } = answerOf(order, 'created');
  order.undos.add(async () => {
    const refund = order.file.ask(
      'refund-payment',
      commandBase(order, 'refund-payment'),
      'give back what was charged',
      2,
    );
    order.answers.refund = await refund;
  });
  const command = { ...commandBase(order, 'apply-payment'), amount: total, card: order.start.event.card };
  await order.file.ask('apply-payment', command, `charge ${formatMoney(total)}`);
}

export async function adjustInventory(order: Order): Promise<void> {
  const { lines } = order.start.event;
  order.undos.add(() =>
    order.file.ask('release-inventory', commandBase(order, 'release-inventory'), 'put back what was taken', 2),
  );
  const command = { ...commandBase(order, 'adjust-inventory'), lines };
  order.answers.stock = await order.file.ask(
    'adjust-inventory',
    command,
    `take ${count(lines.length, 'title')} from stock`,
  );
}

export async function fulfillOrder(order: Order): Promise<void> {
  const { lines } = order.start.event;
  order.undos.add(() =>
    order.file.ask('unpack-order', commandBase(order, 'unpack-order'), 'open the parcels again', 3),
  );
  const command = { ...commandBase(order, 'fulfill-order'), lines };
  order.answers.packed = await order.file.ask('fulfill-order', command, `pack ${count(lines.length, 'title')}`);
}

/** Has no undo: stock that is low stays low when the order goes. */
export async function orderStock(order: Order): Promise<void> {
  const { levels } = answerOf(order, 'stock');
  const command = { ...commandBase(order, 'order-stock'), levels };
  const { purchaseOrders } = await order.file.ask('order-stock', command, 're-order what is low');
  await startReplenishments(purchaseOrders);
}

export async function shipOrder(order: Order): Promise<void> {
  const packed = answerOf(order, 'packed');
  const { shipTo } = order.start.event;
  order.undos.add(() =>
    order.file.ask('recall-shipment', commandBase(order, 'recall-shipment'), 'call the shipment back', 4),
  );
  const command = { ...commandBase(order, 'ship-order'), shipTo, packed };
  const summary = `${count(packed.parcels, 'parcel')} to ${shipTo.country}`;
  order.answers.shipment = await order.file.ask('ship-order', command, summary);
}

/** Has no undo: what was said was said. */
export async function emailCustomer(order: Order, kind: MailKind): Promise<void> {
  const { lines, shipping, total, customer: to } = answerOf(order, 'created');
  const { customerId } = order.start.event;
  const about = { lines, shipping, total, ...newsOf(order, kind) };
  const command = { ...commandBase(order, 'email-customer', kind), kind, customerId, to, about };
  await order.file.ask('email-customer', command, `mail: ${kind}`);
}

const commandBase = ({ file }: Order, name: CommandName, kind?: string) => {
  const orderId = file.orderId();
  return { orderId, requestId: commandRequestId(orderId, name, 1, kind) };
};

const reasonOf = ({ file }: Order): string => file.progress.reason ?? 'The order was cancelled.';

/** What a mail of this kind tells besides the order itself. */
function newsOf(order: Order, kind: MailKind) {
  const { shipment, refund } = order.answers;
  if (kind === 'shipped' && shipment) return { carrier: shipment.carrier, trackingNumber: shipment.trackingNumber };
  if (kind !== 'cancelled') return {};
  const reason = reasonOf(order);
  return refund?.refunded ? { reason, refunded: refund.refunded } : { reason };
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
