import type { RefusalType } from '../failures.ts';
import type { RepairPolicy } from './repair.ts';
import type { MediatorClass } from '../initiating-event.ts';

/**
 * The states of an initiating event's row in the mediator store. `received`: its turn has not come yet.
 * `dead-lettered`: it was handed over to the workflow processor. It becomes `repaired` when a resubmitted event took
 * its place, and `discarded` when it was given up.
 */
export const eventStates = ['received', 'started', 'complete', 'dead-lettered', 'repaired', 'discarded'] as const;

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

/** The message of a row; null when the row has none any more. */
export const messageOf = ({
  subject,
  headers,
  body,
}: { readonly [Part in keyof StoredMessage]: StoredMessage[Part] | null }) =>
  subject === null || headers === null || body === null ? null : { subject, headers, body };

/**
 * The writes of a mediator about the event that was delegated to it. The order mediator completes its events in its
 * own statements. They are activities of the mediator's worker; every call is safe to repeat.
 */
export interface EventRecords {
  /** Marks the event complete. This is a mediator's last write. Null, or the customer whose later events waited. */
  completeEvent(entry: CompleteEvent): Promise<string | null>;
  /**
   * Turns a queued event that its mediator refused into a dead letter: marks its row, and opens a case with the
   * original bytes. Fact: `event-refused`. Null when no queued event of this workflow is open (a client's request is
   * answered directly).
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
  readonly refusal: RefusalType;
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
  /** The customer, when later events waited for this one to be complete. */
  readonly waitedFor: string | null;
}
