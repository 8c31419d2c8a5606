import type { Hold } from './holds.ts';
import type { Money } from '../money.ts';
import type { OrderState } from './order-mediator.ts';
import type { ActionKind } from './room.ts';
import type { OrderLine } from '../place-order.ts';
import type { CommandName } from '../command-routes.ts';
import type { Address } from '../address.ts';

/**
 * The actions of people on an order. Each is an update of the order's workflow with the same name. It is checked
 * synchronously against the order's state, and refused with `ActionRefused` when it does not fit. One update id acts
 * once. An operator's action carries a name, which the mediator store keeps.
 */
export const orderActions = ['approve', 'pay', 'amend', 'retry', 'skip', 'cancel'] as const;

export type OrderActionName = (typeof orderActions)[number];

/** The actor: the customer (null), or an operator by name, 1 to 64 characters on one line. */
export interface ActedBy {
  readonly actor: string | null;
}

/**
 * Approves the order's present total. Possible while the order is held for an approval. Only an operator may approve;
 * an operator who declines cancels the order.
 */
export interface Approve extends ActedBy {
  readonly actor: string;
  /** The total that the operator saw. Refused when the order has another total by now, as after an amendment. */
  readonly total?: Money;
}

/** Charges another card. Possible while the order is held at its payment. */
export interface Pay extends ActedBy {
  /** A token of the card gateway. The gateway is asked if it knows the card. */
  readonly card: string;
}

/**
 * Changes the lines or the address. Possible while the order is held: lines before they are packed, the address before
 * the order is shipped. A field that is left out stays. The order is priced anew (titles that stay keep their price),
 * and the difference is charged or given back.
 */
export interface Amend extends ActedBy {
  /** All lines after the amendment: 1 to 100, every title once. */
  readonly lines?: readonly OrderLine[];
  readonly shipTo?: Address;
}

/** Calls the held commands again. Only an operator may. */
export interface Retry extends ActedBy {
  readonly actor: string;
}

/** Resumes the order without a held command that may be skipped (`skippable`). Only an operator may. */
export interface Skip extends ActedBy {
  readonly actor: string;
  readonly command: CommandName;
}

/**
 * Compensates the order. A customer may cancel until the order is handed over to the carrier, an operator until it
 * ends.
 */
export interface Cancel extends ActedBy {
  /** The reason, as one sentence on one line, up to 200 characters; null when none was given. */
  readonly reason: string | null;
}

/** The kind of each action: it tells until when an order's run has room for it. */
export const actionKinds: { readonly [Name in OrderActionName]: ActionKind } = {
  approve: 'repeatable',
  pay: 'repeatable',
  amend: 'optional',
  retry: 'repeatable',
  skip: 'repeatable',
  cancel: 'ending',
};

export interface OrderActions {
  approve: Approve;
  pay: Pay;
  amend: Amend;
  retry: Retry;
  skip: Skip;
  cancel: Cancel;
}

/** The answer to an action: the decision is recorded, and this is the order's state at that moment. */
export interface ActionTaken {
  readonly orderId: string;
  readonly state: OrderState;
  readonly holds: readonly Hold[];
}

/** The details of an `ActionRefused`. */
export interface ActionRefused {
  readonly orderId: string | null;
  readonly state: OrderState;
  /** The actions that are possible now. */
  readonly possible: readonly OrderActionName[];
}

/** Ends a sentence for a customer whose order was handed over to the carrier. */
export const howToReturn = 'refuse the parcel or send it back within 30 days, and it is refunded.';

/**
 * The failure type of an action that was refused. Its message is one sentence that says why, and what is possible.
 * Nothing has changed.
 */
export const actionRefused = 'ActionRefused';

/**
 * The failure type of an update that came while its workflow was about to know more: it is to be sent again a moment
 * later. Nothing has changed.
 */
export const busy = 'Busy';
