import type { Money } from '../../../contracts/money.ts';
import type { OrderLine } from '../../../contracts/place-order.ts';
import type { InspectedLine, ReturnActionName } from '../../../contracts/mediators/returns-mediator.ts';
import type { ReturnState } from '../../../contracts/mediators/return-requested.ts';

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
  /** As it was sent; null when the mail server cannot be asked (only that of `npm start` keeps mails), or does not have it. */
  readonly content: {
    readonly from: string;
    readonly to: string;
    readonly subject: string;
    readonly text: string;
  } | null;
}

/** A return, and what it waits for. */
export interface ReturnRow {
  readonly requestId: string;
  readonly orderId: string;
  readonly customerId: string;
  readonly state: ReturnState;
  /** The customer's words. */
  readonly reason: string;
  readonly lines: readonly ReturnLine[];
  /** What would be, or was, given back; null before it is known. */
  readonly amount: Money | null;
  /** Since when it is in this state. */
  readonly since: string;
  readonly deadline: string | null;
  readonly workflowId: string;
  readonly inspected: readonly InspectedLine[] | null;
  /** What a processor said that keeps failing, so that the return does not go on; null when none does. */
  readonly trouble: string | null;
  /** What people did, oldest first. */
  readonly actions: readonly ReturnDone[];
}

/** A title that is to go back. */
export interface ReturnLine extends OrderLine {
  /** As it was when it was ordered; null when the order is not known any more. */
  readonly title: string | null;
  /** What one of it cost. */
  readonly price: Money | null;
}

/** Something that somebody did to a return. */
export interface ReturnDone {
  readonly action: ReturnActionName;
  readonly actor: string;
  /** Why it was declined, as one sentence; null with every other action. */
  readonly reason: string | null;
  readonly at: string;
}

export interface ReturnList {
  /** At most 500. Those that wait: for a person, or because a processor keeps failing; longest first. */
  readonly returns: readonly ReturnRow[];
  /** How many wait, in all. */
  readonly waiting: number;
  /** How many orders wait for an approval, in all. */
  readonly approvals: number;
}

/** What each action takes besides the actor. `updateId`, when given, makes a repeat harmless. */
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
