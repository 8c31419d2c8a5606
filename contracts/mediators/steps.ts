import type { ProcessorName, CommandName } from '../command-routes.ts';

/** 0 before step 1 begins, 5 in the last step and when completed. */
export type StepNumber = 0 | 1 | 2 | 3 | 4 | 5;

/**
 * One command that a processor was asked to do. A compensating command stands behind the step that it compensates, and
 * has its number.
 */
export interface StepRecord {
  readonly step: StepNumber;
  readonly command: CommandName;
  readonly processor: ProcessorName;
  readonly requestId: string;
  /** ISO 8601. */
  readonly askedAt: string;
  /** ISO 8601; null while it is not acknowledged. A refused command stays null and says why in `refusal`. */
  readonly acknowledgedAt: string | null;
  /** The attempt that was acknowledged; null before. */
  readonly attempt: number | null;
  /** The refusal's type, when it was refused; `Fault` when its processor failed past its retry time. */
  readonly refusal: string | null;
}
