import type { OrderLine } from './place-order.ts';
import type { Command } from './command.ts';

/** Work done on `order-fulfillment-queue`. Every command is safe to repeat with the same `requestId`. */
export interface OrderFulfillmentProcessor {
  /**
   * Writes the pick list and packs parcels of at most 20 kg. Refused with `NotPackable` when a title's weight is not
   * known. Fact: `order-fulfilled`.
   */
  fulfillOrder(command: FulfillOrder): Promise<OrderFulfilled>;
  /** Unpacks the parcels of the order; does nothing when nothing was packed. Fact: `order-unpacked`. */
  unpackOrder(command: UnpackOrder): Promise<OrderUnpacked>;
}

export interface FulfillOrder extends Command {
  readonly lines: readonly OrderLine[];
}

/**
 * The parcels of an order in sum. A big order fills tens of thousands of parcels, and a message must not grow with
 * them.
 */
export interface Packed {
  /** The number of parcels. */
  readonly parcels: number;
  readonly heaviestParcelGrams: number;
  readonly totalGrams: number;
}

export type OrderFulfilled = Packed;

export type UnpackOrder = Command;

export interface OrderUnpacked {
  /** The number of parcels that were opened again. */
  readonly parcels: number;
}
