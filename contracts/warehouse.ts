import type { StockLevel } from './inventory.ts';
import type { OrderLine } from './place-order.ts';
import type { Command } from './command.ts';

/** Work done on `warehouse-queue`. Every command is safe to repeat with the same `requestId`. */
export interface WarehouseProcessor {
  /**
   * Re-orders from the supplier each title that has come down to its reorder point, or is short for a waiting order,
   * and has no open purchase order: at most one is open per title. Fact: `stock-ordered`, with the title as its key.
   */
  orderStock(command: OrderStock): Promise<StockOrdered>;
  /** Asks the supplier what has been delivered so far on a purchase order. Changes nothing. */
  checkDelivery(command: CheckDelivery): Promise<DeliveryStatus>;
  /** Closes a purchase order whose deliveries are all booked, so that the title may be ordered again. */
  closePurchaseOrder(command: ClosePurchaseOrder): Promise<PurchaseOrderClosed>;
}

export interface OrderStock extends Command {
  readonly levels: readonly StockLevel[];
  /**
   * Titles that an order waits for. They are ordered also above the reorder point, in at least the missing quantity.
   */
  readonly missing?: readonly OrderLine[];
}

export interface PurchaseOrder {
  readonly purchaseOrderId: string;
  readonly isbn: string;
  readonly quantity: number;
}

export interface StockOrdered {
  /** Purchase orders this command opened; empty when nothing was low. */
  readonly purchaseOrders: readonly PurchaseOrder[];
}

export interface CheckDelivery {
  readonly requestId: string;
  readonly purchaseOrderId: string;
}

export interface Delivery {
  readonly deliveryId: string;
  readonly quantity: number;
}

export interface DeliveryStatus {
  /** Every delivery so far, oldest first. */
  readonly deliveries: readonly Delivery[];
  /** True when the supplier will deliver nothing more. */
  readonly complete: boolean;
}

export interface ClosePurchaseOrder {
  /** `<purchase order>/close-purchase-order` */
  readonly requestId: string;
  readonly purchaseOrderId: string;
}

export interface PurchaseOrderClosed {
  readonly closed: boolean;
}
