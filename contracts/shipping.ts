import type { Packed } from './order-fulfillment.ts';
import type { Command } from './command.ts';
import type { Address } from './address.ts';

/** Work done on `shipping-queue`. Every command is safe to repeat with the same `requestId`. */
export interface ShippingProcessor {
  /**
   * Has the carrier book the cheapest service that takes every parcel to that country. Refused with `Undeliverable`
   * when the carrier has none. Fact: `order-shipped`.
   */
  shipOrder(command: ShipOrder): Promise<OrderShipped>;
  /** Has the carrier call the shipment back; does nothing when there is none. Fact: `shipment-recalled`. */
  recallShipment(command: RecallShipment): Promise<ShipmentRecalled>;
  /**
   * Calls back shipments that were booked after their order was compensated, when the worker that asked for them is
   * gone. It looks at every intent older than `olderThanSeconds` that was never settled and cannot be any more. Facts:
   * `shipment-recalled`.
   */
  reconcileShipments(command: ReconcileShipments): Promise<ShipmentsReconciled>;
}

export interface ShipOrder extends Command {
  readonly shipTo: Address;
  readonly packed: Packed;
}

export interface OrderShipped {
  readonly carrier: string;
  readonly method: string;
  readonly trackingNumber: string;
}

export type RecallShipment = Command;

export interface ShipmentRecalled {
  readonly recalled: boolean;
}

export interface ReconcileShipments {
  readonly requestId: string;
  readonly olderThanSeconds: number;
}

export interface ShipmentsReconciled {
  /** The orders whose shipment was called back. */
  readonly recalled: readonly string[];
}
