import { channels, type Channel } from './channels.ts';
import type {
  AdjustInventory,
  InventoryReleased,
  InventoryUpdated,
  ReceiveStock,
  ReleaseInventory,
  RestockReturn,
  StockReceived,
  StockReturned,
} from './inventory.ts';
import type { EmailCustomer, EmailSent } from './notification.ts';
import type { FulfillOrder, OrderFulfilled, OrderUnpacked, UnpackOrder } from './order-fulfillment.ts';
import type {
  AddressStored,
  AmendOrder,
  CancelOrder,
  ChangeAddress,
  CloseReturn,
  CreateOrder,
  CustomerCreated,
  OpenReturn,
  OrderAmended,
  OrderCancelled,
  OrderCreated,
  RegisterCustomer,
  ReturnClosed,
  ReturnOpened,
} from './order-placement.ts';
import type {
  ApplyPayment,
  CardChecked,
  ChargesReconciled,
  CheckCard,
  PaymentApplied,
  PaymentRefunded,
  ReconcileCharges,
  RefundPayment,
  RefundReturn,
} from './payment.ts';
import type { OrderShipped, RecallShipment, ShipmentRecalled, ShipOrder } from './shipping.ts';
import type {
  CheckDelivery,
  ClosePurchaseOrder,
  DeliveryStatus,
  OrderStock,
  PurchaseOrderClosed,
  StockOrdered,
} from './warehouse.ts';

/** What every command carries. */
export interface Request {
  /**
   * `<orderId>/<command>[/<kind>]/<round>`; for `create-order` `<requestId>/create-order`; where there is no order, the workflow's id stands for its id.
   * The processor stores its answer under it and gives the same answer again. The round goes up when a refused command is asked again, or with other
   * content (another card, other lines); never after a fault.
   */
  readonly requestId: string;
}

/** What every command about an order carries. */
export interface Command extends Request {
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
  'amend-order': { command: AmendOrder; acknowledgement: OrderAmended };
  'cancel-order': { command: CancelOrder; acknowledgement: OrderCancelled };
  'register-customer': { command: RegisterCustomer; acknowledgement: CustomerCreated };
  'change-address': { command: ChangeAddress; acknowledgement: AddressStored };
  'open-return': { command: OpenReturn; acknowledgement: ReturnOpened };
  'close-return': { command: CloseReturn; acknowledgement: ReturnClosed };
  'email-customer': { command: EmailCustomer; acknowledgement: EmailSent };
  'check-card': { command: CheckCard; acknowledgement: CardChecked };
  'apply-payment': { command: ApplyPayment; acknowledgement: PaymentApplied };
  'refund-payment': { command: RefundPayment; acknowledgement: PaymentRefunded };
  'refund-return': { command: RefundReturn; acknowledgement: PaymentRefunded };
  'reconcile-charges': { command: ReconcileCharges; acknowledgement: ChargesReconciled };
  'adjust-inventory': { command: AdjustInventory; acknowledgement: InventoryUpdated };
  'release-inventory': { command: ReleaseInventory; acknowledgement: InventoryReleased };
  'receive-stock': { command: ReceiveStock; acknowledgement: StockReceived };
  'restock-return': { command: RestockReturn; acknowledgement: StockReturned };
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
  readonly channel: Channel;
  /** The activity's name: the method of the processor's interface. */
  readonly activity: string;
  /** The longest one attempt may take; a killed worker is noticed only then. */
  readonly startToClose: '5 seconds' | '10 seconds' | '30 seconds';
}

/** The route of a command: its processor, the method, and how many seconds one attempt may take. */
const to = (processor: ProcessorName, activity: string, seconds: 5 | 10 | 30): CommandRoute => ({
  processor,
  channel: channelOf[processor],
  activity,
  startToClose: `${seconds} seconds`,
});

const channelOf: { readonly [Name in ProcessorName]: Channel } = {
  'order-placement': channels.orderPlacement,
  notification: channels.notification,
  payment: channels.payment,
  inventory: channels.inventory,
  'order-fulfillment': channels.orderFulfillment,
  warehouse: channels.warehouse,
  shipping: channels.shipping,
};

/** Where each command goes. Calls to gateway and supplier, and the packing of very big orders, get 10 s; SMTP, which answers late under load, 30 s; the rest 5 s. */
export const commandRoutes: { readonly [Name in CommandName]: CommandRoute } = {
  'create-order': to('order-placement', 'createOrder', 5),
  'amend-order': to('order-placement', 'amendOrder', 5),
  'cancel-order': to('order-placement', 'cancelOrder', 5),
  'register-customer': to('order-placement', 'registerCustomer', 5),
  'change-address': to('order-placement', 'changeAddress', 5),
  'open-return': to('order-placement', 'openReturn', 5),
  'close-return': to('order-placement', 'closeReturn', 5),
  'email-customer': to('notification', 'emailCustomer', 30),
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
  'close-purchase-order': to('warehouse', 'closePurchaseOrder', 5),
  'ship-order': to('shipping', 'shipOrder', 5),
  'recall-shipment': to('shipping', 'recallShipment', 5),
};
