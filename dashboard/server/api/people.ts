import type { Money } from '../../../contracts/money.ts';
import type { OrderLine } from '../../../contracts/place-order.ts';
import type { InspectedLine, ReturnActionName } from '../../../contracts/mediators/returns-mediator.ts';
import type { ReturnState } from '../../../contracts/mediators/returns.ts';

/** A mail the shop sent, or is about to. */
export interface MailRow {
  readonly requestId: string;
  /** Null for a mail about no order. */
  readonly orderId: string | null;
  readonly customerId: string;
  readonly kind: string;
  readonly intendedAt: string;
  /** Null while it is on its way, and when it was refused. */
  readonly sentAt: string | null;
  /** When the mail server refused it for good. */
  readonly refusedAt: string | null;
}

export interface MailPage {
  /** Newest first. `q`: a whole order id or customer id. */
  readonly mails: readonly MailRow[];
  readonly next: string | null;
}

export interface MailView extends MailRow {
  /** The mail as it was sent; null when the mail server does not keep it. Only that of `npm start` does. */
  readonly content: {
    readonly from: string;
    readonly to: string;
    readonly subject: string;
    readonly text: string;
  } | null;
}

/** A return in the list. */
export interface ReturnRow {
  readonly requestId: string;
  readonly orderId: string;
  readonly customerId: string;
  readonly state: ReturnState;
  /** The customer's words. */
  readonly reason: string;
  readonly lines: readonly ReturnLine[];
  /** The refund, planned or done; null before it is known. */
  readonly amount: Money | null;
  /** The instant it came into this state. */
  readonly since: string;
  readonly deadline: string | null;
  readonly workflowId: string;
  readonly inspected: readonly InspectedLine[] | null;
  /** The error of a processor that keeps failing and stops the return; null when none does. */
  readonly trouble: string | null;
  /** The actions of people, oldest first. */
  readonly actions: readonly ReturnDone[];
}

/** A title of a return. */
export interface ReturnLine extends OrderLine {
  /** The title at the time of the order; null when the order is not known any more. */
  readonly title: string | null;
  /** The price of one copy. */
  readonly price: Money | null;
}

/** An action on a return. */
export interface ReturnDone {
  readonly action: ReturnActionName;
  readonly actor: string;
  /** The reason of a declined return, as one sentence; null with every other action. */
  readonly reason: string | null;
  readonly at: string;
}

export interface ReturnList {
  /** At most 500, those that wait longest first: for a person, or because a processor keeps failing. */
  readonly returns: readonly ReturnRow[];
  /** The number of all returns that wait. */
  readonly waiting: number;
  /** The number of all orders that wait for an approval. */
  readonly approvals: number;
}

/** The body of each action; the session names the actor. An `updateId` makes a repeat harmless. */
export interface ReturnActionBodies {
  approve: { readonly updateId?: string };
  decline: { readonly reason: string; readonly updateId?: string };
  'parcel-received': { readonly updateId?: string };
  inspect: { readonly lines: readonly InspectedLine[]; readonly updateId?: string };
}

export interface ReturnActed {
  readonly requestId: string;
  readonly state: ReturnState;
}
