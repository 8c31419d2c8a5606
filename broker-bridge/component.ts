import { sleep } from './waiting.ts';

/**
 * The bridge's components write here. The shape is pino's. Details never hold bodies of facts, secrets or card tokens.
 */
export interface Log {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** An error and its causes in one line. Only messages are told: an error's other fields may hold rows. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.message || ('code' in error ? String(error.code) : error.name);
  return error.cause === undefined ? own : `${own} (${reasonOf(error.cause)})`;
}

/** A part of the system that runs until it is told to stop, such as the relay or a listener. */
export interface RunningComponent {
  readonly name: string;
  /** Resolves when the component has ended. An outage of a server never ends it: it waits and goes on. */
  readonly stopped: Promise<void>;
  /** Finishes what is under way, begins nothing new, and resolves when everything is closed. May be called twice. */
  stop(): Promise<void>;
}

/** Runs a component until it is stopped: the signal is aborted then, and the run is to end soon after. */
export function runComponent(name: string, run: (signal: AbortSignal) => Promise<void>): RunningComponent {
  const end = new AbortController();
  const stopped = run(end.signal);
  return {
    name,
    stopped,
    stop() {
      end.abort();
      return stopped;
    },
  };
}

/** The pause between two sessions, in milliseconds. */
const retryAfter = 500;

/** Runs one session after another until the signal is aborted. A session that rejects is logged with this warning. */
export async function runSessions(
  signal: AbortSignal,
  { log, warning, details }: { readonly log: Log; readonly warning: string; readonly details?: object },
  runSession: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await runSession();
    } catch (error) {
      log.warn({ error: reasonOf(error), ...details }, warning);
    }
    await sleep(retryAfter, signal);
  }
}
