import type { Country } from './countries.ts';
import type { Currency } from './money.ts';

/** One title of an order. `quantity` is a whole number from 1 to 10,000. */
export interface OrderLine {
  /** ISBN-13, digits only. */
  readonly isbn: string;
  readonly quantity: number;
}

export interface Address {
  readonly name: string;
  readonly street: string;
  readonly city: string;
  readonly postcode: string;
  readonly country: Country;
}

/** The initiating event `place-order`. Its schema, which everything from outside passes first, is `schemas/place-order.ts`. */
export interface PlaceOrder {
  /** `[A-Za-z0-9_-]{8,64}`, chosen by whoever asks, unique over all customers: asking again under it gives the same order. */
  readonly requestId: string;
  readonly customerId: string;
  /** 1 to 100 lines, every title once. */
  readonly lines: readonly OrderLine[];
  /**
   * A token of the card gateway, never a card number. Never logged, and removed from the mediator store when the order ends; Temporal's history keeps
   * it until retention ends.
   */
  readonly card: string;
  readonly shipTo: Address;
  /** What the order is priced and charged in. */
  readonly currency: Currency;
}
