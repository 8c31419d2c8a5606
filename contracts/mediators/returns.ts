import type { OrderLine } from '../place-order.ts';
import type { Duration } from '../duration.ts';

/**
 * The initiating event `return-requested`: a customer wants to send titles of an order back. Complex: people approve
 * and inspect.
 */
export interface ReturnRequested {
  /** `[A-Za-z0-9_-]{8,64}`, chosen by the sender, unique over all returns. */
  readonly requestId: string;
  readonly orderId: string;
  readonly customerId: string;
  /** Titles of the order, not more than were bought and not returned yet. */
  readonly lines: readonly OrderLine[];
  /** In the customer's words, on one line. */
  readonly reason: string;
}

/** The states of a return. In the three `awaiting-…` it waits for a person; the last three end it. */
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

/** The deadlines and reminders of a return's waits for people. The shop's own are in `config/return-policy.ts`. */
export interface ReturnPolicy {
  /** For the approval. At the deadline the return is declined. */
  readonly approval: { readonly deadline: Duration; readonly reminders: readonly Duration[] };
  /** For the parcel, counted from the approval. At the deadline the return lapses. */
  readonly parcel: { readonly deadline: Duration; readonly reminders: readonly Duration[] };
  /**
   * For the inspection, counted from the parcel's arrival. It has no deadline, because the customer's goods are here.
   */
  readonly inspection: { readonly reminders: readonly Duration[] };
  /**
   * The time for which faults of a command are retried before the return shows them. After it the command is called
   * again all the same, but a mail is left out.
   */
  readonly retryFor: Duration;
}
