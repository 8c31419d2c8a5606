import type { RepairPolicy } from './repair.ts';
import type { MediatorClass } from '../initiating-event.ts';

/**
 * The states of an initiating event's row in the mediator store. `deferred`: the event waits for an earlier event of
 * its customer. `dead-lettered`: it was handed over to the workflow processor. It becomes `repaired` when a resubmitted
 * event took its place, and `discarded` when it was given up.
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
 * The writes of the customer and the returns mediators about the event that started them. The order mediator's records
 * do the same in their own statements. They are activities of the mediator's worker; every call is safe to repeat.
 */
export interface EventRecords {
  /** Marks the event complete. This is a mediator's last write. */
  completeEvent(entry: CompleteEvent): Promise<void>;
  /**
   * Turns a queued event that its mediator refused into a dead letter: marks its row, and opens a case with the
   * original bytes. Null when no queued event of this workflow is open (a client's request is answered directly).
   */
  refuseEvent(entry: RefuseEvent): Promise<RefusedEvent | null>;
}

export interface CompleteEvent {
  readonly workflowId: string;
  /** The outcome, as one word: `completed`, `cancelled`, `declined`. */
  readonly outcome: string;
  /** The class, when it differs from the catalogue's. */
  readonly mediatorClass?: MediatorClass;
}

export interface RefuseEvent {
  readonly workflowId: string;
  /** Only events with this body are refused, because an event with another body may lead to the same workflow. */
  readonly bodyHash?: string;
  /** One sentence for people. */
  readonly message: string;
}

export interface RefusedEvent {
  readonly caseId: string;
  /**
   * True when the event was resubmitted from this case: the case's workflow runs and is told. Otherwise it is to be
   * started.
   */
  readonly isKnown: boolean;
  /** The policy that the case's workflow is started with. */
  readonly policy: RepairPolicy;
}
