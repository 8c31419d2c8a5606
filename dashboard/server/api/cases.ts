import type { TextSpan } from '../../shared/json-text.ts';
import type { CaseProblem, CaseReason, CaseState, SeenCase } from '../../../contracts/mediators/repair.ts';

/** A repair case as the list shows it: nothing of the message. */
export interface CaseRow {
  readonly caseId: string;
  readonly state: CaseState;
  readonly reason: CaseReason;
  /** Why, as one sentence. */
  readonly message: string;
  /** The rules that were applied, with ", " between them; null when none was. */
  readonly rule: string | null;
  readonly subject: string;
  readonly consumer: string;
  readonly customerId: string | null;
  readonly owner: string | null;
  /** ISO 8601. */
  readonly openedAt: string;
  readonly waitingSince: string | null;
  readonly closedAt: string | null;
  readonly resubmissions: number;
}

export interface CasePage {
  readonly cases: readonly CaseRow[];
  /** For `after` of the next page; null at the end. */
  readonly next: string | null;
  /** How many are open. */
  readonly open: number;
}

export interface CaseView extends CaseRow {
  /** `repair/<case id>` */
  readonly workflowId: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The message as it came; null once the case is closed. Whole: it may hold a card token, which is shown nowhere else. */
  readonly original: MessageText | null;
  /** As the rules left it, or as it was resubmitted last; null when nothing was changed yet, and once the case is closed. */
  readonly proposal: MessageText | null;
  readonly problems: readonly MarkedProblem[];
  /** What can be done now, of resubmit, discard, take. */
  readonly possible: readonly ('resubmit' | 'discard' | 'take')[];
  /** Oldest first. */
  readonly history: readonly CaseStep[];
}

/** Bytes as text. */
export interface MessageText {
  /** The text, at most 64 KiB of it. */
  readonly text: string;
  readonly bytes: number;
  /** False when the bytes are no UTF-8: what could not be read stands as U+FFFD. */
  readonly isUtf8: boolean;
  /** True when there is more than `text` shows. */
  readonly isCut: boolean;
}

/** A problem, and where it stands in the text: lines and columns from 1, of the original; null when it stands nowhere (a header, a field that is missing). */
export interface MarkedProblem extends CaseProblem {
  readonly at: TextSpan | null;
}

/** One step of the audit trail. */
export interface CaseStep {
  readonly step: string;
  /** Null: the workflow processor itself. */
  readonly actor: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly at: string;
}

export interface EditedBody {
  readonly body: string;
}

/** What is sent back; `seen` is the `resubmissions` of the case as it was looked at, and refused (409) when it is older. */
export interface ResubmitCase extends EditedBody, SeenCase {}

/** What would be wrong with it if it were sent back now, its headers put right as they would be. `problems` is empty when the body fits. */
export interface CheckedBody {
  readonly problems: readonly MarkedProblem[];
}

export interface DiscardCase extends SeenCase {
  /** Why: one line of 1 to 200 characters. */
  readonly reason: string;
}

export interface CaseTaken {
  readonly caseId: string;
  readonly state: CaseState;
}
