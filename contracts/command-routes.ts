import { type Channel, channels } from './channels.ts';

/** The processors. Each has this one name everywhere: folder, worker, PostgreSQL schema, queue. */
export const processorNames = [
  'order-placement',
  'notification',
  'payment',
  'inventory',
  'order-fulfillment',
  'warehouse',
  'shipping',
] as const;

/** The name of a processor. */
export type ProcessorName = (typeof processorNames)[number];

/**
 * A route from the processor, the activity (the method of the processor's interface), and the seconds that one attempt
 * may take. A killed worker is noticed only then.
 */
const to = <Processor extends ProcessorName, Activity extends string>(
  processor: Processor,
  activity: Activity,
  seconds: 5 | 10 | 30,
) => ({ processor, channel: channelOf[processor], activity, startToClose: `${seconds} seconds` }) as const;

const channelOf: { readonly [Name in ProcessorName]: Channel } = {
  'order-placement': channels.orderPlacement,
  notification: channels.notification,
  payment: channels.payment,
  inventory: channels.inventory,
  'order-fulfillment': channels.orderFulfillment,
  warehouse: channels.warehouse,
  shipping: channels.shipping,
};

/**
 * The route of every command. Calls to gateway, supplier and carrier, and the packing of very big orders, get 10 s;
 * SMTP, which answers late under load, 30 s; the rest 5 s.
 */
export const commandRoutes = {
  'create-order': to('order-placement', 'createOrder', 5),
  'amend-order': to('order-placement', 'amendOrder', 5),
  'cancel-order': to('order-placement', 'cancelOrder', 5),
  'register-customer': to('order-placement', 'registerCustomer', 5),
  'change-address': to('order-placement', 'changeAddress', 5),
  'change-email': to('order-placement', 'changeEmail', 5),
  'mark-unreachable': to('order-placement', 'markUnreachable', 5),
  'open-return': to('order-placement', 'openReturn', 5),
  'close-return': to('order-placement', 'closeReturn', 5),
  'change-price': to('order-placement', 'changePrice', 5),
  'email-customer': to('notification', 'emailCustomer', 30),
  'record-bounce': to('notification', 'recordBounce', 5),
  'check-card': to('payment', 'checkCard', 10),
  'apply-payment': to('payment', 'applyPayment', 10),
  'refund-payment': to('payment', 'refundPayment', 10),
  'refund-return': to('payment', 'refundReturn', 10),
  'reconcile-charges': to('payment', 'reconcileCharges', 30),
  'adjust-inventory': to('inventory', 'adjustInventory', 5),
  'release-inventory': to('inventory', 'releaseInventory', 5),
  'receive-stock': to('inventory', 'receiveStock', 5),
  'restock-return': to('inventory', 'restockReturn', 5),
  'fulfill-order': to('order-fulfillment', 'fulfillOrder', 10),
  'unpack-order': to('order-fulfillment', 'unpackOrder', 5),
  'order-stock': to('warehouse', 'orderStock', 10),
  'check-delivery': to('warehouse', 'checkDelivery', 10),
  'close-purchase-order': to('warehouse', 'closePurchaseOrder', 10),
  'reconcile-stock': to('warehouse', 'reconcileStock', 30),
  'ship-order': to('shipping', 'shipOrder', 10),
  'recall-shipment': to('shipping', 'recallShipment', 10),
  'reconcile-shipments': to('shipping', 'reconcileShipments', 30),
} as const;

/** The name of a command. */
export type CommandName = keyof typeof commandRoutes;
