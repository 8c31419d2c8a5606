import type { OrderLine } from '../place-order.ts';

/** The initiating event `return-requested`: a customer wants to send back what an order brought. Complex: people approve and inspect. */
export interface ReturnRequested {
  /** `[A-Za-z0-9_-]{8,64}`, chosen by whoever asks, unique over all returns. */
  readonly requestId: string;
  readonly orderId: string;
  readonly customerId: string;
  /** What is to go back: titles of the order, not more than were bought and not returned yet. */
  readonly lines: readonly OrderLine[];
  /** Why, in the customer's words, on one line. */
  readonly reason: string;
}

/** Where a return stands. The three that are awaiting something wait for a person, the last three end it. */
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
