/*
 * The compact lane: one worker has the order mediator and the processors in it, and the mediator has each step of an
 * order done by one local activity, the first one with the opening of the order's row (docs/adr/0031).
 */
import type { CommandName } from '../command-routes.ts';
import type { Commands } from '../commands.ts';
import type { StepNumber } from './steps.ts';

/** A command that takes longer, in milliseconds, goes on over its channel, under the same request id. */
export const longestCompactMs = 2_000;

/** The commands of one step of an order. */
export interface CompactStep {
  /** The order's. */
  readonly requestId: string;
  readonly step: StepNumber;
  readonly commands: readonly CompactCommand[];
}

/** A command with its name, which tells its processor. */
export interface CompactCommand<Name extends CommandName = CommandName> {
  readonly name: Name;
  readonly command: Commands[Name]['command'];
}

/** The answer to a step. */
export interface CompactAnswer {
  /**
   * In the order of the commands. Null for a command that goes on over its channel: its channel is braked, or it was
   * refused, failed or took too long.
   */
  readonly acknowledgements: readonly (object | null)[];
  /** True when nothing was done, because an action or a cancel waits for the order's mediator to hear it. */
  readonly isInterrupted: boolean;
}

/** The local activity of the steps that follow the first. */
export interface CompactSteps {
  performStep(step: CompactStep): Promise<CompactAnswer>;
}
