import type { EventKey, EventState, StoredMessage } from '../../../contracts/mediators/event-records.ts';
import type { InitiatingEvent } from '../../../contracts/initiating-events.ts';
import type { MediatorClass } from '../../../contracts/initiating-event.ts';

export type { EventKey, StoredMessage };

/** An event that is looked up before its row is written. */
export interface Asked {
  /** Its sequence in the stream. */
  readonly sequence: number;
  /** Its identity; null when its headers have none. */
  readonly key: EventKey | null;
  /** Its identity when its own belongs to another event. */
  readonly otherKey: EventKey;
  readonly workflowId: string | null;
  readonly bodyHash: string;
  /** The case that it claims to be resubmitted from. */
  readonly claimedCase: string | null;
}

/** The rows that the mediator store has for an asked event. */
export interface Known {
  readonly sequence: number;
  /** The row under its identity. */
  readonly row: KnownRow | null;
  /** The row under its other identity. */
  readonly otherRow: KnownRow | null;
  /** The case it was resubmitted from. It counts only while its message is on its way back under this id. */
  readonly claimed: { readonly caseId: string; readonly position: number } | null;
  /** True when an event with another body, or an order, has the same workflow id. */
  readonly isUsed: boolean;
  /** The outcome of the same event under another identity, when that one is complete. */
  readonly outcome: string | null;
}

/** An existing row. */
export interface KnownRow {
  /** True when the row is that of the same message, which is delivered again. */
  readonly isItself: boolean;
  readonly name: string;
  readonly bodyHash: string;
  readonly state: EventState;
  readonly caseId: string | null;
  /** False when nothing could be started with it, as it came. */
  readonly isReadable: boolean;
}

/** A row to be written. The bytes of a bad event are kept by its case. */
export interface NewRow extends EventKey {
  readonly sequence: number;
  /** Null for the position of its own sequence; a resubmitted event has that of the event it replaces. */
  readonly position: number | null;
  readonly name: string;
  readonly mediatorClass: MediatorClass | null;
  readonly waitsUntil: InitiatingEvent['waitsUntil'] | null;
  readonly customerId: string | null;
  readonly bodyHash: string;
  readonly workflowId: string | null;
  readonly state: Extract<EventState, 'received' | 'complete' | 'dead-lettered'>;
  readonly outcome: string | null;
  readonly caseId: string | null;
  readonly message: StoredMessage | null;
}

/** The state of an event after it was recorded. */
export interface Recorded {
  readonly state: EventState;
  readonly caseId: string | null;
}

/** A deferred event whose turn has come. */
export interface DeferredEvent extends EventKey {
  readonly sequence: number;
  readonly caseId: string | null;
  readonly receivedAt: string;
  /** True when its sequence is one of the stream as it is now. */
  readonly isOfThisStream: boolean;
  readonly message: StoredMessage;
}

/** An event whose workflow runs or has ended, with the case it was resubmitted from. */
export interface Started extends EventKey {
  readonly caseId: string | null;
  readonly hasEnded: boolean;
}

/** An event that is a dead letter of this case. */
export interface DeadLettered extends EventKey {
  readonly caseId: string;
}

/** A started event that was resubmitted. */
export interface Resubmitted extends Started {
  readonly caseId: string;
}

/** The results of resuming deferred events. An event in neither list stays deferred. */
export interface Resumed {
  readonly started: readonly Started[];
  readonly deadLettered: readonly DeadLettered[];
}
