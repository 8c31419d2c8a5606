import { channels } from './channels.ts';
import type {
  AdjustInventory,
  InventoryReleased,
  InventoryUpdated,
  ReceiveStock,
  ReleaseInventory,
  StockReceived,
} from './inventory.ts';
import type { EmailCustomer, EmailSent } from './notification.ts';
import type { FulfillOrder, OrderFulfilled, OrderUnpacked, UnpackOrder } from './order-fulfillment.ts';
import type { CancelOrder, CreateOrder, OrderCancelled, OrderCreated } from './order-placement.ts';
import type { ApplyPayment, PaymentApplied, PaymentRefunded, RefundPayment } from './payment.ts';
import type { OrderShipped, RecallShipment, ShipmentRecalled, ShipOrder } from './shipping.ts';
import type {
  CheckDelivery,
  ClosePurchaseOrder,
  DeliveryStatus,
  OrderStock,
  PurchaseOrderClosed,
  StockOrdered,
} from './warehouse.ts';

/** What every command about an order carries. */
export interface Command {
  /**
   * `<orderId>/<command>[/<kind>]/<round>`; for `create-order` `<requestId>/create-order`. The processor stores its answer under it and
   * gives the same answer again. The round goes up only when a refused command is asked again, never after a fault.
   */
  readonly requestId: string;
  readonly orderId: string;
}

/** What a processor's answer carries besides the answer itself. */
export interface Acknowledgement {
  /** Which attempt of the command succeeded: 1, unless there were faults before. */
  readonly attempt: number;
}

/** Every command a mediator may give: what it carries, and what its acknowledgement says. */
export interface Commands {
  'create-order': { command: CreateOrder; acknowledgement: OrderCreated };
  'cancel-order': { command: CancelOrder; acknowledgement: OrderCancelled };
  'email-customer': { command: EmailCustomer; acknowledgement: EmailSent };
  'apply-payment': { command: ApplyPayment; acknowledgement: PaymentApplied };
  'refund-payment': { command: RefundPayment; acknowledgement: PaymentRefunded };
  'adjust-inventory': { command: AdjustInventory; acknowledgement: InventoryUpdated };
  'release-inventory': { command: ReleaseInventory; acknowledgement: InventoryReleased };
  'receive-stock': { command: ReceiveStock; acknowledgement: StockReceived };
  'fulfill-order': { command: FulfillOrder; acknowledgement: OrderFulfilled };
  'unpack-order': { command: UnpackOrder; acknowledgement: OrderUnpacked };
  'order-stock': { command: OrderStock; acknowledgement: StockOrdered };
  'check-delivery': { command: CheckDelivery; acknowledgement: DeliveryStatus };
  'close-purchase-order': { command: ClosePurchaseOrder; acknowledgement: PurchaseOrderClosed };
  'ship-order': { command: ShipOrder; acknowledgement: OrderShipped };
  'recall-shipment': { command: RecallShipment; acknowledgement: ShipmentRecalled };
}

export type CommandName = keyof Commands;

/** The processors by the one name each has everywhere: file, worker, schema, queue. */
export const processorNames = [
  'order-placement',
  'notification',
  'payment',
  'inventory',
  'order-fulfillment',
  'warehouse',
  'shipping',
] as const;

export type ProcessorName = (typeof processorNames)[number];

interface CommandRoute {
  readonly processor: ProcessorName;
  readonly channel: (typeof channels)[keyof typeof channels];
  /** The activity's name: the method of the processor's interface. */
  readonly activity: string;
  /** The longest one attempt may take; a killed worker is noticed only then. */
  readonly startToClose: '5 seconds' | '10 seconds' | '30 seconds';
}

/** Where each command goes. Calls to gateway and supplier, and the packing of very big orders, get 10 s; SMTP, which answers late under load, 30 s; the rest 5 s. */
export const commandRoutes: { readonly [Name in CommandName]: CommandRoute } = {
  'create-order': {
    processor: 'order-placement',
    channel: channels.orderPlacement,
    activity: 'createOrder',
    startToClose: '5 seconds',
  },
  'cancel-order': {
    processor: 'order-placement',
    channel: channels.orderPlacement,
    activity: 'cancelOrder',
    startToClose: '5 seconds',
  },
  'email-customer': {
    processor: 'notification',
    channel: channels.notification,
    activity: 'emailCustomer',
    startToClose: '30 seconds',
  },
  'apply-payment': {
    processor: 'payment',
    channel: channels.payment,
    activity: 'applyPayment',
    startToClose: '10 seconds',
  },
  'refund-payment': {
    processor: 'payment',
    channel: channels.payment,
    activity: 'refundPayment',
    startToClose: '10 seconds',
  },
  'adjust-inventory': {
    processor: 'inventory',
    channel: channels.inventory,
    activity: 'adjustInventory',
    startToClose: '5 seconds',
  },
  'release-inventory': {
    processor: 'inventory',
    channel: channels.inventory,
    activity: 'releaseInventory',
    startToClose: '5 seconds',
  },
  'receive-stock': {
    processor: 'inventory',
    channel: channels.inventory,
    activity: 'receiveStock',
    startToClose: '5 seconds',
  },
  'fulfill-order': {
    processor: 'order-fulfillment',
    channel: channels.orderFulfillment,
    activity: 'fulfillOrder',
    startToClose: '10 seconds',
  },
  'unpack-order': {
    processor: 'order-fulfillment',
    channel: channels.orderFulfillment,
    activity: 'unpackOrder',
    startToClose: '5 seconds',
  },
  'order-stock': {
    processor: 'warehouse',
    channel: channels.warehouse,
    activity: 'orderStock',
    startToClose: '10 seconds',
  },
  'check-delivery': {
    processor: 'warehouse',
    channel: channels.warehouse,
    activity: 'checkDelivery',
    startToClose: '10 seconds',
  },
  'close-purchase-order': {
    processor: 'warehouse',
    channel: channels.warehouse,
    activity: 'closePurchaseOrder',
    startToClose: '5 seconds',
  },
  'ship-order': { processor: 'shipping', channel: channels.shipping, activity: 'shipOrder', startToClose: '5 seconds' },
  'recall-shipment': {
    processor: 'shipping',
    channel: channels.shipping,
    activity: 'recallShipment',
    startToClose: '5 seconds',
  },
};
