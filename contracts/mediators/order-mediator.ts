import type { CommandName, ProcessorName } from '../commands.ts';
import type { EventOrigin } from '../customer-event-queue.ts';
import type { Hold } from './holds.ts';
import { orderWorkflowId } from '../ids.ts';
import type { MediatorClass } from '../initiating-events.ts';
import type { Money } from '../money.ts';
import { orderDescription } from './order-description.ts';
import type { OrderPolicy } from './order-policy.ts';
import type { PlaceOrder } from '../place-order.ts';

/** The workflow type, and the names of what it answers to. */
export const orderMediator = {
  workflowType: 'orderMediator',
  /** Update: answers with `Placed` as soon as step 1 is acknowledged. Its argument is the body hash; its id is `place/<body hash>`. */
  placeUpdate: 'place',
  /** Query: answers with `Progress`. */
  progressQuery: 'getProgress',
  /** Signal: inventory has put aside for the order all it waits for. It only tells: the order asks inventory again. */
  stockAllocatedSignal: 'stockAllocated',
} as const;

/** What the order mediator is started with. */
export interface StartOrder {
  readonly event: PlaceOrder;
  /** SHA-256 of the canonical body (RFC 8785), hexadecimal. Made where the event comes in. */
  readonly bodyHash: string;
  readonly mediatorClass: MediatorClass;
  /** Absent in orders of the first version: those hold nowhere, a refusal undoes them. */
  readonly policy?: OrderPolicy;
  /** Where the event came in; absent in orders from before there was a queue. One from the queue that is refused becomes a repair case. */
  readonly origin?: EventOrigin;
}

export interface Placed {
  readonly orderId: string;
}

/** Where an order stands. */
export type OrderState = 'open' | 'held' | 'compensating' | 'completed' | 'cancelled';

export type OrderOutcomeName = 'completed' | 'cancelled';

/** How an order's workflow ends. A request refused at step 1 ends it Failed instead. */
export interface OrderOutcome {
  readonly orderId: string;
  readonly outcome: OrderOutcomeName;
  /** Why it was cancelled; null when completed. */
  readonly reason: string | null;
}

/** 0 before step 1 is asked, 5 in the last step and when completed. */
export type StepNumber = 0 | 1 | 2 | 3 | 4 | 5;

/** One command that was asked of a processor. Compensating commands stand behind the step they undo, with its number. */
export interface StepRecord {
  readonly step: StepNumber;
  readonly command: CommandName;
  readonly processor: ProcessorName;
  readonly requestId: string;
  /** ISO 8601. */
  readonly askedAt: string;
  /** ISO 8601; null while it is not acknowledged. A refused command stays null and says why in `refusal`. */
  readonly acknowledgedAt: string | null;
  /** Which attempt was acknowledged; null before. */
  readonly attempt: number | null;
  /** The refusal's type, when it was refused; `Fault` when its processor failed past its retry time. */
  readonly refusal: string | null;
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
  /** What the order waits for, oldest first. */
  readonly holds: readonly Hold[];
  readonly total: Money | null;
  readonly steps: readonly StepRecord[];
  /** Why the order was or is being undone; null otherwise. */
  readonly reason: string | null;
  /** What was asked of the order too late to be done, for people. */
  readonly notes: readonly string[];
}

/** How the mediator of an order is started, by whomever: one workflow per request. The caller adds its policies of id reuse. */
export const orderStart = (start: StartOrder) => ({
  workflowId: orderWorkflowId(start.event.requestId),
  args: [start] as [StartOrder],
  memo: { bodyHash: start.bodyHash },
  ...orderDescription(start),
});
