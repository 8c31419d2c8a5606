import { commandRoutes } from '../../contracts/command-routes.ts';

/**
 * Does the work with a signal that fires when the time is over, or when the outer signal does. (`AbortSignal.any` would
 * be shorter, but in Node 20 its signal of a time-out can be collected as garbage before it fires.)
 */
export async function within<T>(ms: number, outer: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const end = new AbortController();
  const stop = () => end.abort(outer.reason);
  const timer = setTimeout(() => end.abort(new Error(`Time is over after ${ms / 1_000} seconds.`)), ms);
  outer.addEventListener('abort', stop, { once: true });
  if (outer.aborted) stop();
  try {
    return await work(end.signal);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', stop);
  }
}

const attemptMs = Number.parseInt(commandRoutes['email-customer'].startToClose) * 1_000;

/**
 * The shares of an attempt's start-to-close time; the rest is for the database. The claim in the store lasts for the
 * whole time, which is longer than any send: it runs out only after a crash.
 */
export const patience = {
  /** The longest wait for a free connection. No claim is held meanwhile. */
  freeConnectionMs: attemptMs / 6,
  /** The longest time to hand over one mail, the server's last answer included; then the connection is closed. */
  sendMs: (attemptMs * 2) / 3,
} as const;
