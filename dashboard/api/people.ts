import type { Money } from '../../contracts/money.ts';
import type { OrderLine } from '../../contracts/place-order.ts';
import type { InspectedLine, ReturnState } from '../../contracts/returns-mediator.ts';

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
  readonly lines: readonly OrderLine[];
  /** What would be, or was, given back; null before it is known. */
  readonly amount: Money | null;
  /** Since when it is in this state. */
  readonly since: string;
  readonly deadline: string | null;
  readonly workflowId: string;
  readonly inspected: readonly InspectedLine[] | null;
}

export interface ReturnList {
  readonly returns: readonly ReturnRow[];
  /** How many wait for a person. */
  readonly waiting: number;
}

/** What each action takes besides the actor. */
export interface ReturnActionBodies {
  approve: Record<string, never>;
  decline: { readonly reason: string };
  'parcel-received': Record<string, never>;
  inspect: { readonly lines: readonly InspectedLine[] };
}

export interface ReturnActed {
  readonly requestId: string;
  readonly state: ReturnState;
}
