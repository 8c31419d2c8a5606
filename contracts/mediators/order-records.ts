import type { Hold } from './holds.ts';
import type { Money } from '../money.ts';
import type { Amend, OrderActionName } from './order-actions.ts';
import type { OrderOutcomeName, StartOrder } from './order-mediator.ts';
import type { OrderPolicy } from './order-policy.ts';
import type { PlaceOrder } from '../place-order.ts';
import type { CommandName } from '../command-routes.ts';
import type { StepRecord } from './steps.ts';

/**
 * The mediators' own records: one row per initiating event, from received to finished, with its holds and what people
 * did. Written by local activities of the mediator's worker; every call is safe to repeat. Until the order ends it
 * holds what a restart needs: the event as amended, card token, policy, rounds, holds with their deadlines, and the
 * decision to compensate.
 */
export interface OrderRecords {
  /**
   * Opens the row of a `place-order`, or finds it: this is where a request that was already answered is recognised for
   * ever, and where an order whose workflow was lost finds its way on. Refused with `RequestIdTaken` when the row was
   * opened with another body.
   */
  receiveOrder(entry: ReceiveOrder): Promise<StoredOrder>;
  /** Removes the row of a request refused at step 1, so that it may come again corrected under the same id. */
  withdrawOrder(entry: WithdrawOrder): Promise<void>;
  /**
   * Writes down that the order waits. Fact: `order-held`, unless the reason is `compensation`. One that waits for an
   * approval is of the class `complex` from then on. Does nothing the second time.
   */
  holdOrder(entry: HoldOrder): Promise<void>;
  /**
   * Writes down that it resumes. Fact: `order-resumed`, unless the reason was `compensation`. Does nothing the second
   * time.
   */
  resumeOrder(entry: ResumeOrder): Promise<void>;
  /**
   * Writes down that an amendment begins, before anything is asked for it, or that it came to nothing: a restart takes
   * it up.
   */
  noteAmendment(entry: NoteAmendment): Promise<void>;
  /** Writes down an action, with what a restart needs of it. */
  recordAction(entry: RecordAction): Promise<ActionRecorded>;
  /**
   * Marks the flow as being compensated, with the reason, and ends its holds: the mediator goes on until everything is
   * taken back.
   */
  compensateOrder(entry: CompensateOrder): Promise<void>;
  /**
   * Marks the flow finished and removes its working state (card token, body). Fact: `order-completed`, when it was
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
  /** The remains of an earlier workflow of this order; null when this is the first. */
  readonly recovered: RecoveredOrder | null;
}

/** The round each command is at. A command that is not named is at round 1. */
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
  /** An amendment that had begun and was not answered. */
  readonly amendment: Amend | null;
  /** Up to which total it was approved, in minor units; null when it was not approved. */
  readonly approved: number | null;
}

/** A hold and its place in the mediator store. */
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
}

export interface HoldOrder extends OfAnOrder {
  readonly hold: OpenHold;
  /** The rounds up to now. */
  readonly rounds: Rounds;
}

export interface ResumeOrder extends OfAnOrder {
  readonly hold: OpenHold;
  /** The action that helped, `delivery`, or `deadline` when a command that may be skipped was left out at it. */
  readonly by: OrderActionName | 'delivery' | 'deadline';
  readonly rounds: Rounds;
}

export interface NoteAmendment extends OfAnOrder {
  /** Null when it came to nothing. One that succeeds ends with `recordAction`. */
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
  /** The event as it is from now on, when the action changed it. */
  readonly event?: PlaceOrder;
  readonly amendments?: number;
  readonly rounds?: Rounds;
  /** The decision to compensate, when that is what the action was: as `compensateOrder` writes it. */
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
  /** Null when the order was undone before it had its price. */
  readonly total: Money | null;
  /** The instants of every command, kept for those who ask when Temporal no longer has the history. */
  readonly steps: readonly StepRecord[];
}
