import type { RepairCase } from '../views.ts';
import type { CaseActions, CaseActionTaken } from './case-actions.ts';
import type { CaseProblem } from './repair.ts';

/**
 * The steps of the workflow processor on a case, as activities of its own worker. Each is safe to repeat under
 * its step id: it changes the case and adds to the audit trail once.
 */
export interface WorkflowProcessor {
  /**
   * Reads the case. A message that was handed over or came back is tried with the rules first, and is sent back when
   * they have repaired it.
   */
  repairCase(step: CaseStep): Promise<StoredCase>;
  /**
   * Sends the case's message back to its origin. Resolves when its stream has stored it, or has refused it for good;
   * then the case waits for a person.
   */
  resubmitCase(step: CaseStep): Promise<'sent' | 'too-large'>;
  /**
   * Checks on a resubmitted message without an outcome. A message that was taken closes the case. A message that its
   * stream does not hold is sent again under the same id. Unless the message waits for its turn, a person may act on
   * the case from now on.
   */
  checkReturnedCase(step: CaseStep): Promise<void>;
  /**
   * Closes the case because its message was taken, and deletes the message. A message that has come back meanwhile is
   * repaired again.
   */
  acceptCase(step: CaseStep): Promise<StoredCase>;
  /** Checks a person's message. When it fits, it is the message that is sent back. */
  proposeCase(step: CaseStep & Omit<CaseActions['resubmit'], 'seen'>): Promise<CaseActionTaken>;
  assignCase(step: CaseStep & { readonly actor: string }): Promise<CaseActionTaken>;
  /** Closes the case, deletes the message, and rings for the customer, whose later events may have waited for it. */
  discardCase(step: CaseStep & { readonly actor: string; readonly reason: string }): Promise<CaseActionTaken>;
  /** Records, and logs, that a case still waits. */
  remindOfCase(step: CaseStep): Promise<void>;
}

export interface CaseStep {
  readonly caseId: string;
  /** The same for every attempt of one step. */
  readonly stepId: string;
}

/** The state of a case, without its message. A resubmitted case without an outcome may wait for a person too. */
export interface StoredCase extends Omit<RepairCase, 'caseId' | 'rule' | 'openedAt' | 'closedAt'> {
  /** The next thing to do: send the message, wait for a person, or nothing more. */
  readonly next: 'resubmit' | 'desk' | 'closed';
  /** The first problems of the message as it is now. */
  readonly problems: readonly CaseProblem[];
  /** The rules that were applied, as `name@version`. */
  readonly rules: readonly string[];
  /** True when this very step has sent the message. */
  readonly isSent: boolean;
}
