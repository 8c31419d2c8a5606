import type { Money } from '../money.ts';
import type { OrderState } from './order-mediator.ts';
import type { WithdrawOrder } from './order-records.ts';
import type { InspectedLine, ReturnActionName, ReturnOutcome, StartReturn } from './returns-mediator.ts';
import type { ReturnState, ReturnPolicy } from './returns.ts';

/**
 * The returns mediator's own records: one row per return, and the actions of people on it. They are activities of its
 * own worker; every call is safe to repeat.
 */
export interface ReturnRecords {
  /** Opens the row of a return, or finds it. Refused with `RequestIdTaken` when it was opened with another body. */
  receiveReturn(entry: ReceiveReturn): Promise<StoredReturn>;
  /**
   * Removes the row of a return that was refused, so that it may come again corrected under the same id. Fact:
   * `request-refused`, for a request of the client.
   */
  withdrawReturn(entry: WithdrawOrder): Promise<void>;
  /** Records the state of the return. */
  noteReturn(entry: NoteReturn): Promise<void>;
  /** Records an action, and the state that follows from it. Does nothing the second time. */
  recordReturnAction(entry: RecordReturnAction): Promise<void>;
  /** Records the outcome. */
  finishReturn(entry: ReturnOutcome): Promise<void>;
}

export interface ReceiveReturn extends Pick<StartReturn, 'event' | 'bodyHash' | 'policy'> {
  readonly workflowId: string;
}

export interface StoredReturn {
  /** Null while the return has not ended. A return that is requested again after its end is answered with it. */
  readonly finished: ReturnOutcome | null;
  /** The order's state in the mediator store; null when the mediator store has no such order. */
  readonly orderState: OrderState | null;
  /** The state that a lost workflow of this return left; null when this workflow is the first. */
  readonly recovered?: RecoveredReturn | null;
}

/** The state of a return that is recovered from its row. */
export interface RecoveredReturn extends Omit<NoteReturn, 'requestId' | 'inspected' | 'amount'> {
  /** Null before the inspection. */
  readonly inspected: readonly InspectedLine[] | null;
  readonly amount: Money | null;
  /** The reason of the person who declined it; null when no person has. */
  readonly declinedBecause: string | null;
  /** The policy it was started with; null when the row is older than the column. */
  readonly policy: ReturnPolicy | null;
}

/** The state of a return. A field that is left out keeps its value. */
export interface NoteReturn {
  readonly requestId: string;
  readonly state: ReturnState;
  /** ISO 8601 */
  readonly since: string;
  /** ISO 8601 */
  readonly deadline: string | null;
  readonly reminders: number;
  readonly trouble: string | null;
  readonly inspected?: readonly InspectedLine[];
  readonly amount?: Money;
}

export interface RecordReturnAction extends NoteReturn {
  /** The update id. */
  readonly actionId: string;
  readonly action: ReturnActionName;
  /** A person's name, or `Temporal` for Temporal's own cancel. */
  readonly actor: string;
  readonly details: Readonly<Record<string, unknown>>;
}
