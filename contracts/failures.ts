import type { ReadyOrder } from './inventory.ts';
import type { Money } from './money.ts';

/**
 * Refusals: the business says no. Each is thrown as a non-retryable `ApplicationFailure` of this `type` with these
 * details, and the mediator decides what follows. Everything else that goes wrong is a fault (retried) or a bug
 * (fixed).
 */
export interface RefusalDetails {
  /**
   * The same request id came with another body, or belongs to another workflow. The details say nothing of the order
   * that has it.
   */
  RequestIdTaken: { readonly requestId: string };
  /** A request of the client came while an earlier event of the customer, of the queue, is not complete. */
  CustomerBusy: { readonly customerId: string };
  /** `create-order`, `change-address`, `change-email`, `mark-unreachable`: there is no such customer. */
  UnknownCustomer: { readonly customerId: string };
  /**
   * `create-order`, `amend-order`, `change-price`: the catalogue does not have these titles, or no price of them in the
   * currency.
   * `customer`: to whom `create-order` is refused; no client is told it.
   */
  UnknownTitle: {
    readonly isbns: readonly string[];
    readonly unpriced?: readonly UnpricedTitle[];
    readonly customer?: { readonly name: string; readonly email: string };
  };
  /** `record-bounce`: no such mail was sent to this customer. */
  UnknownMail: { readonly messageId: string; readonly customerId: string };
  /** `register-customer`: this customer id belongs to another name or mail address. */
  CustomerIdTaken: { readonly customerId: string };
  /**
   * `open-return`: the order is not this customer's, was cancelled, is not completed, or has fewer pieces left than the
   * return names.
   */
  NotReturnable: {
    readonly orderId: string;
    readonly why: 'unknown-order' | 'cancelled' | 'not-completed' | 'too-many';
    /** With `too-many`: the titles that are too many. */
    readonly lines: readonly NotReturnableLine[];
  };
  /** `apply-payment`: the card's issuer said no. */
  PaymentDenied: { readonly reason: DenialReason; readonly amount: Money };
  /**
   * `adjust-inventory`: these titles do not suffice; nothing was taken. `ready` lists waiting orders that now have all
   * they were short of, because this order waits for other titles than before. The mediator tells them. Absent when
   * there are none.
   */
  OutOfStock: { readonly short: readonly ShortTitle[]; readonly ready?: readonly ReadyOrder[] };
  /** `fulfill-order`: the weights of these titles are not known. */
  NotPackable: { readonly isbns: readonly string[] };
  /** `ship-order`: the carrier takes no such parcel to that country. */
  Undeliverable: { readonly country: string; readonly heaviestParcelGrams: number };
  /** `check-card`: the gateway does not know this card. */
  UnknownCard: { readonly requestId: string };
  /** A command of an earlier round came after one of a later round: it did nothing, or has reversed itself. */
  Superseded: { readonly requestId: string };
  /** A command came after its compensation: it did nothing, or has reversed itself. */
  AlreadyUndone: { readonly requestId: string };
}

/** The name of a refusal: the `type` of its `ApplicationFailure`. */
export type RefusalType = keyof RefusalDetails;

/** Every refusal at run time. The compiler refuses the list when one is missing or is no refusal. */
export const refusalTypes: readonly RefusalType[] = Object.keys({
  RequestIdTaken: true,
  CustomerBusy: true,
  UnknownCustomer: true,
  UnknownTitle: true,
  UnknownMail: true,
  CustomerIdTaken: true,
  NotReturnable: true,
  PaymentDenied: true,
  OutOfStock: true,
  NotPackable: true,
  Undeliverable: true,
  UnknownCard: true,
  Superseded: true,
  AlreadyUndone: true,
} satisfies { readonly [Type in RefusalType]: true }) as RefusalType[];

/**
 * The type of a fault that asking again cannot mend, as when a partner says that the call itself is wrong. It is thrown
 * non-retryable, so that the order is held at once instead of after its retry time. Every other fault is a plain error
 * and is retried.
 */
export const lastingFault = 'LastingFault';

/** The gateway's word for a declined card. */
export type DenialReason = 'card_expired' | 'insufficient_funds' | 'denied' | 'unknown_card';

/** A title that is not sold in the order's currency. */
export interface UnpricedTitle {
  readonly isbn: string;
  readonly currency: string;
  /** The currencies it is sold in. */
  readonly soldIn: readonly string[];
}

/** A title of which the return names more pieces than can go back. Its quantities are pieces. */
export interface NotReturnableLine {
  readonly isbn: string;
  readonly asked: number;
  readonly possible: number;
  /** 0 for a title that the order did not have. */
  readonly bought: number;
}

/** A title of which the shelf has fewer pieces than the order wants. */
export interface ShortTitle {
  readonly isbn: string;
  readonly wanted: number;
  readonly onHand: number;
}

/** A business no, in the words of the processor. */
export type Refusal = {
  [Type in RefusalType]: {
    readonly kind: 'refusal';
    readonly type: Type;
    /** One sentence for people. */
    readonly message: string;
    readonly details: readonly [RefusalDetails[Type]] | readonly [];
  };
}[RefusalType];

/** A processor failed until its retry time was over, or said that calling again will not help. */
export interface Fault {
  readonly kind: 'fault';
  /** The processor's latest message, for people. */
  readonly message: string;
  /** True when calling again at once would only fail again. */
  readonly lasting: boolean;
}

/** Why a command was not acknowledged. */
export type Failure = Refusal | Fault;
