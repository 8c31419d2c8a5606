/**
 * Does the work with a signal that fires when the time is over, or when the outer signal does. (`AbortSignal.any` would be shorter; in
 * Node 20 what it makes of a time-out can be collected as garbage before it fires.)
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
