import type { Packed } from './order-fulfillment.ts';
import type { Command } from './command.ts';
import type { Address } from './address.ts';

/** Work done on `shipping-queue`. Every command is safe to repeat with the same `requestId`. */
export interface ShippingProcessor {
  /**
   * Books the cheapest carrier that takes every parcel to that country. Refused with `Undeliverable` when none does.
   * Fact: `order-shipped`.
   */
  shipOrder(command: ShipOrder): Promise<OrderShipped>;
  /** Calls the shipment back; does nothing when there is none. Fact: `shipment-recalled`. */
  recallShipment(command: RecallShipment): Promise<ShipmentRecalled>;
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
