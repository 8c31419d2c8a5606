import type { OrderOutcomeName, StartOrder, StepRecord } from './order-mediator.ts';
import type { Money } from './money.ts';

/**
 * The mediators' own records: one row per initiating event, from received to finished.
 * Written by local activities of the mediator's worker; every call is safe to repeat.
 */
export interface MediatorLedger {
  /**
   * Opens the row of a `place-order`, or finds it: this is where a request that was already answered is recognised for ever.
   * Refused with `RequestIdTaken` when the row was opened with another body.
   */
  receiveOrder(entry: ReceiveOrder): Promise<Standing>;
  /** Removes the row of a request refused at step 1, so that it may come again corrected under the same id. */
  withdrawOrder(entry: WithdrawOrder): Promise<void>;
  /** Marks the flow as being undone, with the reason: the mediator goes on until everything is taken back. */
  undoOrder(entry: UndoOrder): Promise<void>;
  /** Marks the flow finished and removes its working state (card token, body). Fact: `order-completed`, when it was completed. */
  finishOrder(entry: FinishOrder): Promise<void>;
}

export interface ReceiveOrder extends StartOrder {
  readonly workflowId: string;
}

export interface Standing {
  readonly orderId: string;
  /** Null while the flow is not finished. */
  readonly finished: { readonly outcome: OrderOutcomeName; readonly reason: string | null } | null;
}

export interface WithdrawOrder {
  readonly requestId: string;
}

export interface UndoOrder {
  readonly requestId: string;
  readonly orderId: string;
  /** Why, as one sentence for people. */
  readonly reason: string;
}

export interface FinishOrder {
  readonly requestId: string;
  readonly orderId: string;
  readonly outcome: OrderOutcomeName;
  readonly reason: string | null;
  readonly total: Money;
  /** The instants of every command, kept for those who ask when Temporal no longer has the history. */
  readonly steps: readonly StepRecord[];
}
