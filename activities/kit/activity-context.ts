import { Context } from '@temporalio/activity';

type Tell = (message: string, about?: Record<string, unknown>) => void;

/**
 * The attempt that a processor works in. No other part of Temporal reaches a processor, so that it also runs without
 * Temporal.
 */
export interface ActivityContext {
  /** 1 at first. */
  readonly attempt: number;
  readonly log: { readonly info: Tell; readonly warn: Tell };
  /** Aborted when the worker ends, or the command is cancelled. */
  readonly cancellation: AbortSignal;
  /** Reports that the attempt is alive; a command with a heartbeat time-out needs it. */
  heartbeat(): void;
}

/** The context of the activity that is running. */
export function temporalActivity(): ActivityContext {
  const { info, log, cancellationSignal, heartbeat } = Context.current();
  return {
    attempt: info.attempt,
    log: { info: (message, about) => log.info(message, about), warn: (message, about) => log.warn(message, about) },
    cancellation: cancellationSignal,
    heartbeat: () => heartbeat(),
  };
}
