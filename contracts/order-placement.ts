import type { Money } from './money.ts';
import type { Command } from './commands.ts';
import type { Address, OrderLine } from './place-order.ts';

/** Work done on `order-placement-queue`. Every command is safe to repeat with the same `requestId`. */
export interface OrderPlacementProcessor {
  /**
   * Writes the order with a snapshot of today's prices and the flat shipping rate of the country.
   * Refused with `UnknownCustomer` or `UnknownTitle`: then nothing is stored. Fact: `order-created`.
   */
  createOrder(command: CreateOrder): Promise<OrderCreated>;
  /**
   * Changes lines and address, all or nothing, and prices the order anew: titles that stay keep their price, new ones get today's, shipping is
   * the rate of the country. Refused with `UnknownTitle`: then nothing has changed. Fact: `order-amended`.
   */
  amendOrder(command: AmendOrder): Promise<OrderAmended>;
  /** Marks the order cancelled; does nothing when it was never written. Fact: `order-cancelled`. */
  cancelOrder(command: CancelOrder): Promise<OrderCancelled>;
}

export interface CreateOrder extends Command {
  readonly customerId: string;
  readonly lines: readonly OrderLine[];
  readonly shipTo: Address;
  readonly currency: Money['currency'];
}

export interface OrderCreated {
  readonly orderId: string;
  readonly lines: readonly PricedLine[];
  /** The flat rate of the country, contained in `total`. */
  readonly shipping: Money;
  readonly total: Money;
  readonly customer: Recipient;
}

export interface PricedLine extends OrderLine {
  readonly title: string;
  readonly unitPrice: Money;
}

/** Who gets mail about an order. */
export interface Recipient {
  readonly name: string;
  readonly email: string;
}

export interface AmendOrder extends Command {
  /** All lines as they are to be. */
  readonly lines: readonly OrderLine[];
  readonly shipTo: Address;
}

export interface OrderAmended {
  readonly lines: readonly PricedLine[];
  /** The flat rate of the country, contained in `total`. */
  readonly shipping: Money;
  readonly total: Money;
}

export interface CancelOrder extends Command {
  /** Why, as one sentence for people. */
  readonly reason: string;
}

export interface OrderCancelled {
  /** False when there was nothing to cancel. */
  readonly cancelled: boolean;
}
