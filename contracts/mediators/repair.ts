import { channels } from '../channels.ts';
import { repairWorkflowId } from '../ids.ts';
import type { Duration } from '../duration.ts';
import { customerAttribute } from '../search-attributes.ts';
/**
 * The workflow processor: workflow `repair/<case id>`, one for each erroneous event. It tries the repair rules, waits for a person when none
 * helps, resubmits to where the event came from, and ends when the event was taken there or discarded. A resubmitted event that fails again
 * comes back to the same case.
 */
export const workflowProcessor = {
  workflowType: 'repairCase',
  channel: channels.workflowProcessor,
  /** Signal, its argument a `Returned`: the resubmitted event failed again. */
  returnedSignal: 'returned',
  /** Signal: the resubmitted event was taken. */
  acceptedSignal: 'accepted',
} as const;

/** What the repair workflow is started with; everything else stands in PostgreSQL. It may be started for any case at any time: it goes on from there. */
export interface StartRepair {
  readonly caseId: string;
  readonly policy: RepairPolicy;
}

/** When whoever keeps the desk is reminded of a case that waits, counted from when it began to wait. It has no deadline: nothing is thrown away by itself. */
export interface RepairPolicy {
  /** In rising order. */
  readonly reminders: readonly Duration[];
  /** A resubmitted message that was not heard of for so long is checked on, and again after twice as long each time, a day at most. */
  readonly checkAfter: Duration;
}

/**
 * How the workflow of a case is started, in the words of Temporal's client. A case has one at a time, and may have another one later. Searchable by the
 * customer from its start on: setting that later costs Temporal a write more.
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

/** `repairing`: rules are tried; `waiting`: for a person; `resubmitted`: on its way back; the last two end the case. */
export const caseStates = ['repairing', 'waiting', 'resubmitted', 'repaired', 'discarded'] as const;

export type CaseState = (typeof caseStates)[number];

/** What made an event erroneous. */
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
] as const;

export type CaseReason = (typeof caseReasons)[number];

/** A message that a consumer cannot process, as it is handed over in one hop. */
export interface DeadLetter {
  readonly caseId: string;
  /** `customer-event-queue`, or `listener:<name>`. */
  readonly consumer: string;
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly streamSequence: number;
  readonly reason: CaseReason;
  /** Why, as one sentence for people; never quotes the message. */
  readonly message: string;
  /** What is wrong by field, where the body could be read. */
  readonly problems: readonly CaseProblem[];
  /** The customer, when the message's key says it: later events of that customer wait. */
  readonly customerId: string | null;
}

/** One thing that is wrong with a message, by the field's path: `lines[0].quantity`; a header by its name. */
export interface CaseProblem {
  readonly field: string;
  readonly message: string;
}

/** The most bytes of a message that can be sent back. */
export const largestRepairable = 64 * 1024;

/** False for a case that can only be discarded: an advisory has no message, and one may be too large. */
export const canResubmitCase = (reason: CaseReason, bytes: number): boolean =>
  reason !== 'advisory' && bytes <= largestRepairable;
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
 * The case's id, minted where the event is handed over: the same event handed over twice has the same. `streamCreated` is the instant the stream was
 * made (ISO 8601), so that a stream that was made anew does not lead to old cases.
 */
export const caseIdOf = (of: {
  readonly consumer: string;
  readonly streamCreated: string;
  readonly streamSequence: number;
}): string =>
  `${of.consumer.replaceAll(':', '-')}-${Math.floor(Date.parse(of.streamCreated) / 1000).toString(36)}-${of.streamSequence}`;

/** Headers of what comes back to a listener, besides those of the fact and of the case. */
export const retryHeaders = {
  /** The subject the fact was broadcast on. */
  subject: 'fact-subject',
  /** There instead of a body: the fact was given up, those after it of its key need not wait for it. */
  skip: 'repair-skip',
} as const;

/** The subject on which a listener alone gets its repaired facts back, and the work queue that keeps them. */
export const listenerRetries = { stream: 'LISTENER_RETRIES', subjects: ['listener.*.retry'] } as const;

export const listenerRetrySubject = (listener: string): string => `listener.${listener}.retry`;

/** What became of a hand-over in PostgreSQL. */
export type CaseOpened = 'opened' | 'returned' | 'known';

/** Where consumers write down what they cannot process. */
export interface RepairCaseStore {
  /**
   * Writes the erroneous event down. Safe to repeat. `isReturned`: it was resubmitted from this case and failed again; its case waits anew, also
   * when it was closed meanwhile.
   */
  openCase(event: DeadLetter, isReturned: boolean): Promise<CaseOpened>;
}
