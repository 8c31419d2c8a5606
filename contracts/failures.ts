import type { ReadyOrder } from './inventory.ts';
import type { Money } from './money.ts';

/**
 * Refusals: the business says no. Thrown as a non-retryable `ApplicationFailure` of this `type` with the details below;
 * the mediator decides what follows. Everything else that goes wrong is a fault (retried) or a bug (fixed).
 */
export interface RefusalDetails {
  /** `create-order`, `change-address`: there is no such customer. */
  UnknownCustomer: { readonly customerId: string };
  /** `create-order`: the catalogue does not have these titles. */
  UnknownTitle: { readonly isbns: readonly string[] };
  /** The same request id came with another body, or belongs to another flow. Says nothing of the order that has it. */
  RequestIdTaken: { readonly requestId: string };
  /** `register-customer`: somebody else, by name or mail address, is this customer. */
  CustomerIdTaken: { readonly customerId: string };
  /** `open-return`: there is no such order of this customer, it is not completed, or more is to go back than was bought and is not going back already. */
  NotReturnable: {
    readonly orderId: string;
    readonly why: 'unknown-order' | 'not-completed' | 'too-many';
    /** With `too-many`: which titles. */
    readonly lines: readonly NotReturnableLine[];
  };
  /** `apply-payment`: the card's issuer said no. */
  PaymentDenied: { readonly reason: DenialReason; readonly amount: Money };
  /**
   * `adjust-inventory`: these titles do not suffice; nothing was taken. `ready`: waiting orders that have all they were short of now, because
   * the order waits for other titles than before; to be told. Absent when there are none.
   */
  OutOfStock: { readonly short: readonly ShortTitle[]; readonly ready?: readonly ReadyOrder[] };
  /** `fulfill-order`: nobody has written down what these titles weigh. */
  NotPackable: { readonly isbns: readonly string[] };
  /** `ship-order`: no carrier takes such a parcel to that country. */
  Undeliverable: { readonly country: string; readonly heaviestParcelGrams: number };
  /** `check-card`: the gateway does not know this card. */
  UnknownCard: { readonly requestId: string };
  /** A command of an earlier round that came after one of a later round: it did nothing, or has reversed itself. */
  Superseded: { readonly requestId: string };
  /** A command that came after it had been undone: it did nothing, or has reversed itself. */
  AlreadyUndone: { readonly requestId: string };
}

export type RefusalType = keyof RefusalDetails;

/** Every refusal there is, in the order of the steps. */
export const refusalTypes = [
  'RequestIdTaken',
  'UnknownCustomer',
  'UnknownTitle',
  'CustomerIdTaken',
  'NotReturnable',
  'PaymentDenied',
  'OutOfStock',
  'NotPackable',
  'Undeliverable',
  'UnknownCard',
  'Superseded',
  'AlreadyUndone',
] as const satisfies readonly RefusalType[];

/**
 * The type of a fault that asking again will not mend (a partner says the call itself is wrong): thrown non-retryable, so that the order is
 * held at once instead of after its retry time. Every other fault is a plain error and is retried.
 */
export const lastingFault = 'LastingFault';

/** Why a card was declined, as the gateway says it. */
export type DenialReason = 'card_expired' | 'insufficient_funds' | 'denied' | 'unknown_card';

export interface NotReturnableLine {
  readonly isbn: string;
  readonly asked: number;
  readonly possible: number;
}

export interface ShortTitle {
  readonly isbn: string;
  readonly wanted: number;
  readonly onHand: number;
}
