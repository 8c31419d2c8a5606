import type { CaseProblem, CaseReason, CaseState } from './repair.ts';
import type { CaseActionTaken } from './case-actions.ts';

/**
 * The steps of the workflow processor on a case, as local activities of its own worker. Each is safe to repeat under its step id: it changes the case
 * and adds to the audit trail once.
 */
export interface WorkflowProcessor {
  /** Reads where the case stands; a message that was handed over or came back is tried with the rules first, and sent back when they have put it right. */
  repairCase(step: CaseStep): Promise<StoredCase>;
  /** Sends the case's message to where it came from. Resolves when its stream has it, or has refused it for good: then the case waits for a person. */
  resubmitCase(step: CaseStep): Promise<'sent' | 'too-large'>;
  /**
   * Checks on a resubmitted message that was not heard of: one that was taken closes the case, one that its stream does not hold is sent again
   * under the same id, and unless it waits for its turn a person may act on the case from now on.
   */
  checkReturnedCase(step: CaseStep): Promise<void>;
  /** The resubmitted message was taken: closes the case, and forgets the message. One that has come back meanwhile is repaired again. */
  acceptCase(step: CaseStep): Promise<StoredCase>;
  /** Checks the message that a person gives; when it fits it is what is sent back. */
  proposeCase(step: CaseStep & { readonly actor: string; readonly body: string }): Promise<CaseActionTaken>;
  assignCase(step: CaseStep & { readonly actor: string }): Promise<CaseActionTaken>;
  /** Closes the case, forgets the message, and resumes the events that waited for it. */
  discardCase(step: CaseStep & { readonly actor: string; readonly reason: string }): Promise<CaseActionTaken>;
  /** Writes down, and logs, that a case still waits. */
  remindOfCase(step: CaseStep): Promise<void>;
}

export interface CaseStep {
  readonly caseId: string;
  /** The same for every attempt of one step. */
  readonly stepId: string;
}

/** A case as it stands, without its message. */
export interface StoredCase {
  /** What follows: send its message, wait for a person, or nothing more. */
  readonly next: 'resubmit' | 'desk' | 'closed';
  readonly state: CaseState;
  readonly reason: CaseReason;
  /** The reason as one sentence. */
  readonly message: string;
  readonly consumer: string;
  readonly subject: string;
  readonly customerId: string | null;
  readonly owner: string | null;
  /** The first problems of the message as it is now. */
  readonly problems: readonly CaseProblem[];
  /** The rules that were applied, as `name@version`. */
  readonly rules: readonly string[];
  readonly resubmissions: number;
  /** ISO 8601; null unless it waits for a person. So does a resubmitted one that was not heard of. */
  readonly waitingSince: string | null;
  /** False when it can only be discarded. */
  readonly canResubmit: boolean;
  /** True when the very step that answers this has sent its message. */
  readonly isSent: boolean;
}
