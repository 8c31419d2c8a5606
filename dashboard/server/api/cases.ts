import type { TextSpan } from '../../shared/json-text.ts';
import type { CaseProblem, CaseReason, CaseState } from '../../../contracts/mediators/repair.ts';
import type { SeenCase } from '../../../contracts/mediators/case-actions.ts';

/** A repair case in the list, without its message. */
export interface CaseRow {
  readonly caseId: string;
  readonly state: CaseState;
  readonly reason: CaseReason;
  /** The reason as one sentence. */
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
  /** The number of open cases. */
  readonly open: number;
}

export interface CaseView extends CaseRow {
  /** `repair/<case id>` */
  readonly workflowId: string;
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The message as it came; null once the case is closed. Whole: it may hold a card token, which is shown nowhere
   * else.
   */
  readonly original: MessageText | null;
  /**
   * As the rules left it, or as it was resubmitted last; null when nothing was changed yet, and once the case is
   * closed.
   */
  readonly proposal: MessageText | null;
  readonly problems: readonly MarkedProblem[];
  /** The actions that fit now. */
  readonly possible: readonly ('resubmit' | 'discard' | 'take')[];
  /** Oldest first. */
  readonly history: readonly CaseStep[];
}

/** Bytes as text. */
export interface MessageText {
  /** The text, at most 64 KiB of it. */
  readonly text: string;
  readonly bytes: number;
  /** False when the bytes are no UTF-8: U+FFFD replaces the faulty ones. */
  readonly isUtf8: boolean;
  /** True when the message is longer than `text`. */
  readonly isCut: boolean;
}

/** A problem with its place in the text that it is about; null for a header, which has no place in the text. */
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

/**
 * The body to send back. `seen` is the `resubmissions` of the case as the page knows it; an older one is refused
 * (409).
 */
export interface ResubmitCase extends EditedBody, SeenCase {}

/** The problems of a body if it were sent back now, with its headers corrected. Empty when it fits. */
export interface CheckedBody {
  readonly problems: readonly MarkedProblem[];
}

export interface DiscardCase extends SeenCase {
  /** One line of 1 to 200 characters. */
  readonly reason: string;
}

export interface CaseTaken {
  readonly caseId: string;
  readonly state: CaseState;
}
