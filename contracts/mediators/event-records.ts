import type { RepairPolicy } from './repair.ts';
import type { MediatorClass } from '../initiating-event.ts';

/**
 * The row of every initiating event in the mediator store, from received to complete. `deferred`: it waits for an earlier event of its customer.
 * `erroneous`: handed over to the workflow processor; `repaired` when a resubmitted event took its place, `discarded` when it was given up.
 */
export const eventStates = [
  'received',
  'deferred',
  'started',
  'complete',
  'dead-lettered',
  'repaired',
  'discarded',
] as const;

export type EventState = (typeof eventStates)[number];

/** The identity of an initiating event, for ever. */
export interface EventKey {
  readonly source: string;
  readonly eventId: string;
}

/** The subject, headers and bytes of a queued event, unchanged. */
export interface StoredMessage {
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * The writes of the customer and the returns mediators about the event that started them; the order mediator's records do the same in their own
 * statements. Local activities; every call is safe to repeat.
 */
export interface EventRecords {
  /** A mediator's last write: the event is complete. */
  completeEvent(entry: CompleteEvent): Promise<void>;
  /**
   * A queued event that its mediator refused becomes a dead letter: the row is marked, the case written down with the original bytes. Null when no
   * queued event of this workflow is open (a request of the client was told itself).
   */
  refuseEvent(entry: RefuseEvent): Promise<RefusedEvent | null>;
}

export interface CompleteEvent {
  readonly workflowId: string;
  /** The outcome, as one word: `completed`, `cancelled`, `declined`. */
  readonly outcome: string;
  /** The class, when it is another than the catalogue's. */
  readonly mediatorClass?: MediatorClass;
}

export interface RefuseEvent {
  readonly workflowId: string;
  /** Another body may lead to the same workflow: only events with this one are refused. */
  readonly bodyHash?: string;
  /** One sentence for people. */
  readonly message: string;
}

export interface RefusedEvent {
  readonly caseId: string;
  /** True when the event was resubmitted from this case: its workflow runs and is told; else it is to be started. */
  readonly isKnown: boolean;
  /** For the start of its workflow. */
  readonly policy: RepairPolicy;
}
