import type { RefusalType } from '../failures.ts';
import type { CompactAnswer } from './compact.ts';
import type { Hold } from './holds.ts';
import type { Money } from '../money.ts';
import type { Amend, OrderActionName } from './order-actions.ts';
import type { OrderOutcomeName, StartOrder } from './order-mediator.ts';
import type { OrderPolicy } from './order-policy.ts';
import type { PlaceOrder } from '../place-order.ts';
import type { CommandName } from '../command-routes.ts';
import type { StepRecord } from './steps.ts';

/**
 * The order mediator's own records: one row per initiating event, from received to finished, with its holds and the
 * actions of people. Activities of the mediator's own worker write them; every call is safe to repeat. Until the
 * order ends, the row holds what a restart needs: the event as amended, card token, policy, rounds, holds with their
 * deadlines, and the decision to compensate.
 */
export interface OrderRecords {
  /**
   * Opens the row of a `place-order`, or finds it. A request that was already answered is recognised here for ever, and
   * an order whose workflow was lost is recovered here. Refused with `RequestIdTaken` when the row was opened with
   * another body, and with `CustomerBusy` while an earlier event of the queue is not complete. In the compact lane it
   * does step 1 as well.
   */
  receiveOrder(entry: ReceiveOrder): Promise<StoredOrder>;
  /** Removes the row of a request refused at step 1, so that it may come again corrected under the same id. */
  withdrawOrder(entry: WithdrawOrder): Promise<void>;
  /**
   * Records that the order waits. Fact: `order-held`. An order that waits for an
   * approval is of the class `complex` from then on. Does nothing the second time.
   */
  holdOrder(entry: HoldOrder): Promise<void>;
  /**
   * Records that the order resumes. Fact: `order-resumed`. Does nothing the second time.
   */
  resumeOrder(entry: ResumeOrder): Promise<void>;
  /**
   * Records that an amendment begins, before any command is called for it, or that it came to nothing. A restart
   * finishes an amendment that has begun.
   */
  noteAmendment(entry: NoteAmendment): Promise<void>;
  /** Records an action, with the state that a restart needs. */
  recordAction(entry: RecordAction): Promise<ActionRecorded>;
  /** Marks the order as being compensated, with the reason, and ends its holds. */
  compensateOrder(entry: CompensateOrder): Promise<void>;
  /**
   * Marks the order finished and removes its working state (card token, body). Fact: `order-completed`, when it was
   * completed.
   */
  finishOrder(entry: FinishOrder): Promise<void>;
}

export interface ReceiveOrder extends StartOrder {
  readonly workflowId: string;
}

export interface StoredOrder {
  readonly orderId: string;
  /** Null while the flow is not finished. */
  readonly finished: { readonly outcome: OrderOutcomeName; readonly reason: string | null } | null;
  /** The state that an earlier workflow of this order left; null when this workflow is the first. */
  readonly recovered: RecoveredOrder | null;
  /** The answer to step 1 where it was done with the opening of the row: in the compact lane, the first time. */
  readonly firstStep?: CompactAnswer;
}

/** The round of each command. A command that is not named is at round 1. */
export type Rounds = { readonly [Name in CommandName]?: number };

/** The state of an order when its workflow was lost. */
export interface RecoveredOrder {
  /** As amended, with the card that was given last. */
  readonly event: PlaceOrder;
  /** The number of amendments that succeeded. */
  readonly amendments: number;
  readonly rounds: Rounds;
  /** The holds that were open, oldest first. */
  readonly holds: readonly OpenHold[];
  /** Why it was being compensated; null when it was not. */
  readonly compensating: string | null;
  /** The policy it was started with. */
  readonly policy: OrderPolicy;
  /** An amendment that had begun and has not ended. */
  readonly amendment: Amend | null;
  /** The total up to which it was approved, in minor units; null when it was not approved. */
  readonly approved: number | null;
}

/** A hold with its id in the mediator store. */
export interface OpenHold extends Hold {
  /** `<request id of the command>@<since>` */
  readonly holdId: string;
}

interface OfAnOrder {
  readonly requestId: string;
  readonly orderId: string;
}

export interface WithdrawOrder {
  readonly requestId: string;
  /** Whose request it was, and why it was refused; absent for a queued event, of which `event-refused` tells. */
  readonly refused?: RefusedRequest;
}

/** The part of a request that the fact `request-refused` tells. */
export interface RefusedRequest {
  readonly customerId: string;
  readonly reason: RefusalType;
}

export interface HoldOrder extends OfAnOrder {
  readonly hold: OpenHold;
  /** The present rounds. */
  readonly rounds: Rounds;
}

export interface ResumeOrder extends OfAnOrder {
  readonly hold: OpenHold;
  /**
   * The action that ended the hold, `delivery`, or `deadline` when a command that may be skipped was left out at it.
   */
  readonly by: OrderActionName | 'delivery' | 'deadline';
  readonly rounds: Rounds;
}

export interface NoteAmendment extends OfAnOrder {
  /** Null when the amendment came to nothing. `recordAction` ends one that succeeds. */
  readonly amendment: Amend | null;
  readonly rounds: Rounds;
}

export interface RecordAction extends OfAnOrder {
  /** The update id: the same action is recorded once. */
  readonly actionId: string;
  readonly action: OrderActionName;
  /** The actor: an operator's name, `Temporal` for Temporal's own cancel, null for the customer. */
  readonly actor: string | null;
  /** The content of the action, without card tokens. */
  readonly details: Readonly<Record<string, unknown>>;
  /** The changed event, when the action changes it. */
  readonly event?: PlaceOrder;
  readonly amendments?: number;
  readonly rounds?: Rounds;
  /** The reason for compensating the order, when the action decides that. `compensateOrder` writes the same. */
  readonly compensating?: string;
}

export interface ActionRecorded {
  /** False when the same action was recorded before. */
  readonly first: boolean;
}

export interface CompensateOrder extends OfAnOrder {
  /** Why, as one sentence for people. */
  readonly reason: string;
}

export interface FinishOrder extends OfAnOrder {
  readonly outcome: OrderOutcomeName;
  readonly reason: string | null;
  /** Null when the order was compensated before it had its price. */
  readonly total: Money | null;
  /** Every command with its instants. They are kept for the time when Temporal no longer has the history. */
  readonly steps: readonly StepRecord[];
}
