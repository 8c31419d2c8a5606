import type { EventState } from '../../../contracts/mediators/event-records.ts';
import type { InitiatingEvent } from '../../../contracts/initiating-events.ts';
import type { MediatorClass } from '../../../contracts/initiating-event.ts';

/** An event's identity, for ever. */
export interface EventKey {
  readonly source: string;
  readonly eventId: string;
}

/** What is asked about a queued event before its row is written. */
export interface Asked {
  /** Its place in the stream. */
  readonly sequence: number;
  /** Null when its headers have none. */
  readonly key: EventKey | null;
  /** The identity it gets when its own belongs to another event. */
  readonly otherKey: EventKey;
  readonly workflowId: string | null;
  readonly bodyHash: string;
  /** The case that it says it was resubmitted from. */
  readonly claimedCase: string | null;
}

/** What the mediator store knows about it. */
export interface Known {
  readonly sequence: number;
  /** The row under its identity. */
  readonly row: KnownRow | null;
  /** The row under its other identity. */
  readonly otherRow: KnownRow | null;
  /** The case it was resubmitted from: only one whose message is on its way back under this id counts. */
  readonly claimed: { readonly caseId: string; readonly position: number } | null;
  /** An event with another body, or an order, leads to the same workflow. */
  readonly isTaken: boolean;
  /** What came of the same event under another identity, when that is complete. */
  readonly outcome: string | null;
}

/** A row that is there already. */
export interface KnownRow {
  /** It is the row of this very message, which is delivered again. */
  readonly isItself: boolean;
  readonly name: string;
  readonly bodyHash: string;
  readonly state: EventState;
  readonly caseId: string | null;
}

/** A row to be written. What was bad as it came keeps its bytes in its case. */
export interface NewRow extends EventKey {
  readonly sequence: number;
  /** Of a resubmitted event, that of the event it stands for. */
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

/** Subject, headers and bytes as they came. */
export interface StoredMessage {
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Where an event stands after it was recorded. */
export interface Recorded {
  readonly state: EventState;
  readonly caseId: string | null;
}

/** A deferred event whose turn has come. */
export interface DeferredEvent extends EventKey {
  readonly sequence: number;
  readonly caseId: string | null;
  readonly receivedAt: string;
  /** Whether its sequence is one of the stream as it is now. */
  readonly isOfThisStream: boolean;
  readonly message: StoredMessage;
}

/** An event whose flow runs, or had run before; with the case it was resubmitted from. */
export interface Started extends EventKey {
  readonly caseId: string | null;
  readonly hasEnded: boolean;
}

/** An event that was handed over to this case. */
export interface HandedOver extends EventKey {
  readonly caseId: string;
}

/** An event that was resubmitted, and that went on. */
export interface Resubmitted extends Started {
  readonly caseId: string;
}

/** What came of deferred events. What is in neither list stays deferred. */
export interface Released {
  readonly started: readonly Started[];
  readonly handedOver: readonly HandedOver[];
}
