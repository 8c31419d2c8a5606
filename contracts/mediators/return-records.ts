import type { Money } from '../money.ts';
import type { OrderState } from './order-mediator.ts';
import type { InspectedLine, ReturnActionName, ReturnOutcome, StartReturn } from './returns-mediator.ts';
import type { ReturnState, ReturnPolicy } from './returns.ts';

/**
 * The returns mediator's own records: one row per return, and what people did to it. Local activities; every call is safe to repeat.
 */
export interface ReturnRecords {
  /** Opens the row of a return, or finds it. Refused with `RequestIdTaken` when it was opened with another body. */
  receiveReturn(entry: ReceiveReturn): Promise<StoredReturn>;
  /** Removes the row of a return that was refused, so that it may come again corrected under the same id. */
  withdrawReturn(entry: { readonly requestId: string }): Promise<void>;
  /** Writes down where the return stands. */
  noteReturn(entry: NoteReturn): Promise<void>;
  /** Writes down what somebody did, and where the return stands by that. Does nothing the second time. */
  recordReturnAction(entry: RecordReturnAction): Promise<void>;
  /** Writes down how it ended. */
  finishReturn(entry: ReturnOutcome): Promise<void>;
}

export interface ReceiveReturn extends Pick<StartReturn, 'event' | 'bodyHash' | 'policy'> {
  readonly workflowId: string;
}

export interface StoredReturn {
  /** Null while it has not ended: asked of a return that came again. */
  readonly finished: ReturnOutcome | null;
  /** Where the order stands by the mediator store; null when the mediator store has no such order. */
  readonly orderState: OrderState | null;
  /** Where an earlier workflow of this return had come to, whose end never came; null when this one begins. */
  readonly recovered?: RecoveredReturn | null;
}

/** A return that goes on from its row. */
export interface RecoveredReturn extends Omit<NoteReturn, 'requestId' | 'inspected' | 'amount'> {
  /** Null before the inspection. */
  readonly inspected: readonly InspectedLine[] | null;
  readonly amount: Money | null;
  /** The reason it was declined with; null when nobody has declined it. */
  readonly declinedBecause: string | null;
  /** The policy it was started with; null when the row is older than its keeping. */
  readonly policy: ReturnPolicy | null;
}

/** Where a return stands; what is left out stays as it was. */
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
  /** Who: a name, or `Temporal` for Temporal's own cancel. */
  readonly actor: string;
  readonly details: Readonly<Record<string, unknown>>;
}
