import type { Hold } from './holds.ts';
import type { Money } from '../money.ts';
import type { OrderState } from './order-mediator.ts';
import type { OrderLine } from '../place-order.ts';
import type { CommandName } from '../command-routes.ts';
import type { Address } from '../address.ts';

/**
 * The actions of people on an order: updates of its workflow, named as here. Each is checked synchronously against the
 * order's state and refused with `ActionRefused` when it does not fit. Under the same update id it is done once; an
 * operator's carries a name, which the mediator store keeps.
 */
export const orderActions = ['approve', 'pay', 'amend', 'retry', 'skip', 'cancel'] as const;

export type OrderActionName = (typeof orderActions)[number];

/** The actor: the customer (null), or an operator by name, 1 to 64 characters on one line. */
export interface ActedBy {
  readonly actor: string | null;
}

/** Approves what the order comes to now. Possible while it is held for that. An operator's; to decline is to cancel. */
export interface Approve extends ActedBy {
  readonly actor: string;
  /** The total that was looked at. Refused when the order comes to another total by now, as after an amendment. */
  readonly total?: Money;
}

/** Charges another card. Possible while the order is held at its payment. */
export interface Pay extends ActedBy {
  /** A token of the card gateway, which is asked whether it knows it. */
  readonly card: string;
}

/**
 * Changes what is ordered, or where to. Possible while the order is held: lines before they are packed, the address
 * before the order is shipped. What is left out stays. The price is made anew (titles that stay keep theirs) and the
 * difference is charged or given back.
 */
export interface Amend extends ActedBy {
  /** All lines as they are to be: 1 to 100, every title once. */
  readonly lines?: readonly OrderLine[];
  readonly shipTo?: Address;
}

/** Asks again what is held. An operator's. */
export interface Retry extends ActedBy {
  readonly actor: string;
}

/** Goes on without a held command that may be skipped (`skippable`). An operator's. */
export interface Skip extends ActedBy {
  readonly actor: string;
  readonly command: CommandName;
}

/** Compensates the order: by the customer until it is handed over to the carrier, by an operator until it ends. */
export interface Cancel extends ActedBy {
  /** The reason, as one sentence on one line, up to 200 characters; null when none was given. */
  readonly reason: string | null;
}

export interface OrderActions {
  approve: Approve;
  pay: Pay;
  amend: Amend;
  retry: Retry;
  skip: Skip;
  cancel: Cancel;
}

/** The answer: the decision is recorded, and this is where the order stands just then. */
export interface ActionTaken {
  readonly orderId: string;
  readonly state: OrderState;
  readonly holds: readonly Hold[];
}

/** The details of an `ActionRefused`. */
export interface ActionRefused {
  readonly orderId: string | null;
  readonly state: OrderState;
  /** The actions that would be taken now. */
  readonly possible: readonly OrderActionName[];
}

/** The customer's choice once the order was handed over to the carrier. */
export const howToReturn = 'refuse the parcel or send it back within 30 days, and it is refunded.';

/**
 * The failure type of an action that was refused; its message is a sentence that says why and what is possible. Nothing
 * has changed.
 */
export const actionRefused = 'ActionRefused';
