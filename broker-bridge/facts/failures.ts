/** Counts how often taking something has failed; forgets it once it is taken or given up. */
export interface Failures {
  /** Counts one more, and says how many there were. */
  count(streamSequence: number): number;
  forget(streamSequence: number): void;
}

/** As many as a consumer may have unacknowledged at once. */
const mostRemembered = 65_536;

/** In memory: a process that starts anew begins to count anew. */
export function createFailures(): Failures {
  const counted = new Map<number, number>();
  return {
    count(streamSequence) {
      const failures = (counted.get(streamSequence) ?? 0) + 1;
      if (counted.size < mostRemembered || counted.has(streamSequence)) counted.set(streamSequence, failures);
      return failures;
    },
    forget: (streamSequence) => void counted.delete(streamSequence),
  };
}
