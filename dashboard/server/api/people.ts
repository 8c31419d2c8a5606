import type { ReturnActionName, ReturnActions } from '../../../contracts/mediators/returns-mediator.ts';
import type { Money } from '../../../contracts/money.ts';
import type { OrderLine } from '../../../contracts/place-order.ts';
import type { ListedReturn, MailRow, ReturnActionRecorded } from '../../../contracts/views.ts';

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
export interface ReturnRow extends Omit<ListedReturn, 'lines' | 'reminders' | 'isFinished' | 'actions'> {
  readonly lines: readonly ReturnLine[];
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
export interface ReturnDone extends Pick<ReturnActionRecorded, 'action' | 'actor' | 'at'> {
  /** The reason of a declined return, as one sentence; null with every other action. */
  readonly reason: string | null;
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
export type ReturnActionBodies = {
  readonly [Name in ReturnActionName]: Omit<ReturnActions[Name], 'actor'> & { readonly updateId?: string };
};
