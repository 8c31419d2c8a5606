import type { StockLevel } from './inventory.ts';
import type { OrderLine } from './place-order.ts';
import type { Command } from './command.ts';

/** Work done on `warehouse-queue`. Every command is safe to repeat with the same `requestId`. */
export interface WarehouseProcessor {
  /**
   * Re-orders from the supplier each title that has come down to its reorder point and has no open purchase order: at
   * most one of these is open per title. Places also what was ordered of the missing titles when an order began to wait
   * for them. Fact: `stock-ordered`, with the title as its key.
   */
  orderStock(command: OrderStock): Promise<StockOrdered>;
  /**
   * Asks the supplier what has been delivered so far on a purchase order. One that the supplier does not know is placed
   * again.
   */
  checkDelivery(command: CheckDelivery): Promise<DeliveryStatus>;
  /**
   * Closes a purchase order whose deliveries are all booked, so that the title may be ordered again. When they were too
   * few for the orders that wait, the rest is ordered in the same transaction. Fact: `stock-ordered`.
   */
  closePurchaseOrder(command: ClosePurchaseOrder): Promise<PurchaseOrderClosed>;
  /**
   * Orders what waiting orders lack of titles and is not on order, which should never be; orders low titles that the
   * listeners should have ordered, when that was told more than `olderThanSeconds` ago: until then it is under way; and
   * places every purchase order that was intended as long ago and never placed. Facts: `stock-ordered`.
   */
  reconcileStock(command: ReconcileStock): Promise<StockReconciled>;
}

export interface OrderStock extends Command {
  readonly levels: readonly StockLevel[];
  /**
   * When the levels were so, ISO 8601. A title that was ordered since then is not ordered again for them; without it
   * they are those of now.
   */
  readonly asOf?: string;
  /** Titles that an order waits for, and how many it lacks. They were put on order when it began to wait. */
  readonly missing?: readonly OrderLine[];
}

export interface PurchaseOrder {
  readonly purchaseOrderId: string;
  readonly isbn: string;
  readonly quantity: number;
}

export interface StockOrdered {
  /** Purchase orders that this command placed; empty when nothing was low. */
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
  /** Placed for what waiting orders still lack; left out by a worker of before they were. */
  readonly purchaseOrders?: readonly PurchaseOrder[];
}

export interface ReconcileStock {
  readonly requestId: string;
  readonly olderThanSeconds: number;
}

export interface StockReconciled {
  /** The titles of which waiting orders lacked more than was on order. */
  readonly uncovered: readonly string[];
  /** The low titles that the listeners had not ordered in time; left out by a worker of before they did. */
  readonly overlooked?: readonly string[];
  readonly purchaseOrders: readonly PurchaseOrder[];
}
