import { channels } from '../channels.ts';
import { repairWorkflowId } from '../ids.ts';
import type { Duration } from '../duration.ts';
import { customerAttribute } from '../search-attributes.ts';
/**
 * The workflow processor: workflow `repair/<case id>`, one for each dead letter. It tries the repair rules, waits for a
 * person when none helps, resubmits the message to its origin, and ends when the message was taken there or discarded.
 * A resubmitted message that fails again comes back to the same case.
 */
export const workflowProcessor = {
  workflowType: 'repairCase',
  channel: channels.workflowProcessor,
  /** Signal, its argument a `Returned`: the resubmitted message failed again. */
  returnedSignal: 'returned',
  /** Signal: the resubmitted message was taken. */
  acceptedSignal: 'accepted',
} as const;

/**
 * The argument that the repair workflow is started with; everything else is in PostgreSQL. The workflow may be started
 * for any case at any time, and continues from the stored state.
 */
export interface StartRepair {
  readonly caseId: string;
  readonly policy: RepairPolicy;
}

/**
 * The reminders of a case that waits for a person, counted from the beginning of its wait. A case has no deadline:
 * nothing is discarded by itself.
 */
export interface RepairPolicy {
  /** In rising order. */
  readonly reminders: readonly Duration[];
  /**
   * A resubmitted message without an outcome is checked after this time, then after twice as long each time, a day at
   * most.
   */
  readonly checkAfter: Duration;
}

/**
 * The start of a case's workflow, in the words of Temporal's client. A case has one workflow at a time, and may have
 * another one later. The customer is a search attribute from the start on, because setting it later costs Temporal one
 * more write.
 */
export const repairStart = (start: StartRepair, customerId: string | null) =>
  ({
    workflowId: repairWorkflowId(start.caseId),
    taskQueue: workflowProcessor.channel,
    args: [start] as [StartRepair],
    typedSearchAttributes: customerId === null ? [] : [customerAttribute(customerId)],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: start.caseId,
  }) as const;

export interface Returned {
  /** Why, as one sentence for people. */
  readonly reason: string;
}

/**
 * `repairing`: rules are tried; `waiting`: a person has to act; `resubmitted`: the message is on its way back; the last
 * two end the case.
 */
export const caseStates = ['repairing', 'waiting', 'resubmitted', 'repaired', 'discarded'] as const;

export type CaseState = (typeof caseStates)[number];

/** The reasons for which a message becomes a dead letter, and `restored`, which a restore has left for a person. */
export const caseReasons = [
  'not-json',
  'too-large',
  'too-deep',
  'not-utf8',
  'bad-headers',
  'unknown-event',
  'wrong-version',
  'bad-body',
  'id-used-twice',
  'refused',
  'not-taken',
  'advisory',
  'restored',
] as const;

export type CaseReason = (typeof caseReasons)[number];

/**
 * Opens the cases of what is left after a restore. They have no message: a person looks into it, and discards the case
 * with what was done.
 */
export const restoreCheck = 'restore-check';

/** A message that a consumer cannot process, as it is handed over in one hop. */
export interface DeadLetter {
  readonly caseId: string;
  /** `customer-event-queue`, or `listener:<name>`; `restoreCheck` of a case without a message. */
  readonly consumer: string;
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly streamSequence: number;
  readonly reason: CaseReason;
  /** Why, as one sentence for people; never quotes the message. */
  readonly message: string;
  /** The problems by field, where the body could be read. */
  readonly problems: readonly CaseProblem[];
  /** The customer, when the message's key names one. Later events of that customer wait. */
  readonly customerId: string | null;
}

/** Why a message cannot be processed. */
export type EventFault = Pick<DeadLetter, 'reason' | 'message' | 'problems'>;

/** One problem of a message, by the field's path: `lines[0].quantity`; a header by its name. */
export interface CaseProblem {
  readonly field: string;
  readonly message: string;
}

/** The most bytes of a message that can be sent back. */
export const largestRepairable = 64 * 1024;

/** The steps of the audit trail. */
export const auditSteps = [
  'handed-over',
  'returned',
  'rules-applied',
  'waiting',
  'reminded',
  'taken',
  'edited',
  'resubmitted',
  'overdue',
  'accepted',
  'discarded',
] as const;

export type AuditStepName = (typeof auditSteps)[number];

/**
 * The case's id, minted where the message is handed over. A message that is handed over twice has one id.
 * `streamCreated` is the instant the stream was created (ISO 8601), so that a stream that is created anew does not lead
 * to old cases.
 */
export const caseIdOf = (of: {
  readonly consumer: string;
  readonly streamCreated: string;
  readonly streamSequence: number;
}): string =>
  `${of.consumer.replaceAll(':', '-')}-${Math.floor(Date.parse(of.streamCreated) / 1000).toString(36)}-${of.streamSequence}`;

/** The headers of a message that comes back to a listener, besides those of the fact and of the case. */
export const retryHeaders = {
  /** The subject the fact was broadcast on. */
  subject: 'fact-subject',
  /** Set when there is no body, because the fact was given up. Later facts of its key need not wait for it. */
  skip: 'repair-skip',
} as const;

/** The subject on which a listener alone gets its repaired facts back, and the work queue that keeps them. */
export const listenerRetries = { stream: 'LISTENER_RETRIES', subjects: ['listener.*.retry'] } as const;

export const listenerRetrySubject = (listener: string): string => `listener.${listener}.retry`;

/** The result of a hand-over: the case is new, its message has returned, or it was known already. */
export type CaseOpened = 'opened' | 'returned' | 'known';

/** Records the messages that consumers cannot process. */
export interface RepairCaseStore {
  /**
   * Records the dead letter. Safe to repeat. `isReturned`: the message was resubmitted from this case and failed again.
   * The case then waits anew, also when it was closed meanwhile.
   */
  openCase(event: DeadLetter, isReturned: boolean): Promise<CaseOpened>;
}
