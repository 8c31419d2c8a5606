import type { OrderLine } from '../place-order.ts';
import type { Duration } from '../duration.ts';

/** The initiating event `return-requested`: a customer wants to send titles of an order back. Complex: people approve and inspect. */
export interface ReturnRequested {
  /** `[A-Za-z0-9_-]{8,64}`, chosen by the one who asks, unique over all returns. */
  readonly requestId: string;
  readonly orderId: string;
  readonly customerId: string;
  /** Titles of the order, not more than were bought and not returned yet. */
  readonly lines: readonly OrderLine[];
  /** In the customer's words, on one line. */
  readonly reason: string;
}

/** The states of a return. The three `awaiting-…` wait for a person, the last three end it. */
export const returnStates = [
  'received',
  'awaiting-approval',
  'awaiting-parcel',
  'awaiting-inspection',
  'refunding',
  'completed',
  'declined',
  'lapsed',
] as const;

export type ReturnState = (typeof returnStates)[number];

export type ReturnOutcomeName = Extract<ReturnState, 'completed' | 'declined' | 'lapsed'>;

/** The deadlines and reminders of a return's waits for people; data, see `config/return-policy.ts`. */
export interface ReturnPolicy {
  /** For the approval: declined when it is over. */
  readonly approval: { readonly deadline: Duration; readonly reminders: readonly Duration[] };
  /** For the parcel, from the approval on: the return lapses when it is over. */
  readonly parcel: { readonly deadline: Duration; readonly reminders: readonly Duration[] };
  /** For the inspection, from the parcel's arrival on. It has no deadline: the customer's goods are here. */
  readonly inspection: { readonly reminders: readonly Duration[] };
  /** Faults of a command are retried for so long before the return shows them; it is called again all the same, and a mail is left out. */
  readonly retryFor: Duration;
}
