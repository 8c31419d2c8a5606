/** Limits how many pieces of work run at once; the others wait, first come, first served. */
export function createTurns(atOnce: number) {
  let free = atOnce;
  const waiting = new Set<() => void>();
  const take = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      signal.throwIfAborted();
      if (free > 0) {
        free -= 1;
        return resolve();
      }
      const stop = () => {
        waiting.delete(begin);
        reject(signal.reason as Error);
      };
      const begin = () => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      waiting.add(begin);
      signal.addEventListener('abort', stop, { once: true });
    });
  // A turn goes straight to the next one that waits, so that a newcomer cannot take it in between.
  const giveBack = () => {
    const [next] = waiting;
    if (!next) free += 1;
    else if (waiting.delete(next)) next();
  };
  return {
    /**
     * Waits for a turn and does the work in it. When the signal comes first, the work is not begun and the signal's
     * reason is thrown.
     */
    async inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
      await take(signal);
      return work().finally(giveBack);
    },
  };
}
