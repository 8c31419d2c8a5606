import type { Money } from './money.ts';

/**
 * Refusals: the business says no. Thrown as a non-retryable `ApplicationFailure` of this `type` with the details below;
 * the mediator decides what follows. Everything else that goes wrong is a fault (retried) or a bug (fixed).
 */
export interface RefusalDetails {
  /** `create-order`: there is no such customer. */
  UnknownCustomer: { readonly customerId: string };
  /** `create-order`: the catalogue does not have these titles. */
  UnknownTitle: { readonly isbns: readonly string[] };
  /** The same request id came with another body, or belongs to another flow. Says nothing of the order that has it. */
  RequestIdTaken: { readonly requestId: string };
  /** `apply-payment`: the card's issuer said no. */
  PaymentDenied: { readonly reason: DenialReason; readonly amount: Money };
  /** `adjust-inventory`: these titles do not suffice; nothing was taken. */
  OutOfStock: { readonly short: readonly ShortTitle[] };
  /** `fulfill-order`: nobody has written down what these titles weigh. */
  NotPackable: { readonly isbns: readonly string[] };
  /** `ship-order`: no carrier takes such a parcel to that country. */
  Undeliverable: { readonly country: string; readonly heaviestParcelGrams: number };
  /** A command that came after it had been undone: it did nothing, or has reversed itself. */
  AlreadyUndone: { readonly requestId: string };
}

export type RefusalType = keyof RefusalDetails;

/** Every refusal there is, in the order of the steps. */
export const refusalTypes = [
  'RequestIdTaken',
  'UnknownCustomer',
  'UnknownTitle',
  'PaymentDenied',
  'OutOfStock',
  'NotPackable',
  'Undeliverable',
  'AlreadyUndone',
] as const satisfies readonly RefusalType[];

/** Why a card was declined, as the gateway says it. */
export type DenialReason = 'card_expired' | 'insufficient_funds' | 'denied' | 'unknown_card';

export interface ShortTitle {
  readonly isbn: string;
  readonly wanted: number;
  readonly onHand: number;
}
