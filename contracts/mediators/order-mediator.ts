import type { Hold } from './holds.ts';
import type { Money } from '../money.ts';
import type { OrderPolicy } from './order-policy.ts';
import type { PlaceOrder } from '../place-order.ts';
import type { EventOrigin, MediatorClass } from '../initiating-event.ts';
import type { StepNumber, StepRecord } from './steps.ts';

/** The workflow type, and the names of its update, query and signal. */
export const orderMediator = {
  workflowType: 'orderMediator',
  /**
   * Update: answers with `Placed` as soon as step 1 is acknowledged. Its argument is the body hash; its id is
   * `place/<body hash>`. Refused with `Busy` while the first or the last record is written: then it is sent again.
   */
  placeUpdate: 'place',
  /** Query: answers with `Progress`. */
  progressQuery: 'getProgress',
  /** Signal: inventory has put aside all that the order waits for. The order then asks inventory again. */
  stockAllocatedSignal: 'stockAllocated',
  /** Signal: fraud is suspected (`Suspicion`). The order is approved before its next step. */
  suspectedSignal: 'suspected',
} as const;

/** The argument that the order mediator is started with. */
export interface StartOrder {
  readonly event: PlaceOrder;
  /** SHA-256 of the canonical body (RFC 8785), hexadecimal. Made where the event comes in. */
  readonly bodyHash: string;
  readonly mediatorClass: MediatorClass;
  /** The order keeps the policy it was started with. */
  readonly policy: OrderPolicy;
  /**
   * The way the event came in; absent when its row is not known. One from the queue that is refused becomes a repair
   * case.
   */
  readonly origin?: EventOrigin;
}

/** A suspicion about the order's customer. An order that is shipped or being undone only notes it. */
export interface Suspicion {
  /** The fact `fraud-suspected`: the same suspicion has its effect once. */
  readonly suspicionId: string;
  /** Why, as one sentence for people. */
  readonly why: string;
}

export interface Placed {
  readonly orderId: string;
}

/** The states of an order; the last two end it. */
export const orderStates = ['open', 'held', 'compensating', 'completed', 'cancelled'] as const;

/** The state of an order. */
export type OrderState = (typeof orderStates)[number];

export type OrderOutcomeName = 'completed' | 'cancelled';

/** The result of an order's workflow. A request that is refused at step 1 ends it Failed instead. */
export interface OrderOutcome {
  readonly orderId: string;
  readonly outcome: OrderOutcomeName;
  /** Why it was cancelled; null when completed. */
  readonly reason: string | null;
}

/** The answer of the query `getProgress`. */
export interface Progress {
  readonly orderId: string | null;
  readonly requestId: string;
  readonly customerId: string;
  readonly state: OrderState;
  readonly step: StepNumber;
  /** The reason of the oldest hold; null when the order is not held. */
  readonly holdReason: string | null;
  /** The open holds, oldest first. */
  readonly holds: readonly Hold[];
  /** Null until step 1 has priced the order. */
  readonly total: Money | null;
  readonly steps: readonly StepRecord[];
  /** Why the order was or is being compensated; null otherwise. */
  readonly reason: string | null;
  /** Sentences for people about suspicions, and about requests that came too late. */
  readonly notes: readonly string[];
}
