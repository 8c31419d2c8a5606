import type { Address } from './address.ts';
import type { Currency } from './money.ts';

/** One title of an order. `quantity` is a whole number from 1 to 10,000. */
export interface OrderLine {
  /** ISBN-13, digits only. */
  readonly isbn: string;
  readonly quantity: number;
}

/**
 * The body of the initiating event `place-order`. Everything from outside passes `schemas/initiating-events.ts` first.
 */
export interface PlaceOrder {
  /**
   * `idPatterns.requestId`. The sender chooses it, unique over all customers: a repeat under it gets the same order.
   */
  readonly requestId: string;
  readonly customerId: string;
  /** 1 to 100 lines, every title once. */
  readonly lines: readonly OrderLine[];
  /**
   * A token of the card gateway, never a card number. It is not logged, and it leaves the mediator store when the order
   * ends; Temporal's history keeps it until its retention ends.
   */
  readonly card: string;
  readonly shipTo: Address;
  /** The order is priced and charged in it. */
  readonly currency: Currency;
}
