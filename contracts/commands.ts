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

/** Every command a mediator may give, with its content and its acknowledgement. */
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
