import type { CaseProblem, CaseState } from '../../../contracts/mediators/repair.ts';
import type { CaseActionName, EditedMessage, SeenCase } from '../../../contracts/mediators/case-actions.ts';
import type { CaseStep, RepairCase } from '../../../contracts/views.ts';

export interface CasePage {
  readonly cases: readonly RepairCase[];
  /** For `after` of the next page; null at the end. */
  readonly next: string | null;
  /** The number of open cases. */
  readonly open: number;
}

export interface CaseView extends RepairCase {
  /** `repair/<case id>` */
  readonly workflowId: string;
  /** As they came, with the corrections of people. */
  readonly headers: Readonly<Record<string, string>>;
  /** The headers that a person may correct, whether they are there or not. */
  readonly correctable: readonly string[];
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
  readonly problems: readonly CaseProblem[];
  /** The actions that fit now. */
  readonly possible: readonly CaseActionName[];
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

/**
 * The message to send back. `seen` is the `resubmissions` of the case as the page knows it; an older one is refused
 * (409).
 */
export interface ResubmitCase extends EditedMessage, SeenCase {}

/** The problems of a message if it were sent back now. Empty when it fits. */
export interface CheckedMessage {
  readonly problems: readonly CaseProblem[];
}

export interface DiscardCase extends SeenCase {
  /** One line of 1 to 200 characters. */
  readonly reason: string;
}

export interface CaseTaken {
  readonly caseId: string;
  readonly state: CaseState;
}
