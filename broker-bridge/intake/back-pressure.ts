import { sleep } from '../waiting.ts';

/** Back-pressure grows with the number of workflows that were started a moment ago. */
export interface BackPressureOptions {
  /** The workflows under way that were started a moment ago. Those that wait for days do not count. */
  readonly underWay: () => Promise<number>;
  /** With so many under way the next one has to wait. */
  readonly most: number;
  /** Aborted when the intake stops. */
  readonly signal: AbortSignal;
  readonly pause?: typeof sleep;
}

export type BackPressure = ReturnType<typeof createBackPressure>;

const readAgainMs = 200;

/**
 * Mediators that cannot keep up get no more workflows, which would take from them what they need to complete any.
 * Events that have to wait stay in the queue, where they are counted. The number under way is read again only when all
 * that it left room for are admitted.
 */
export function createBackPressure({ underWay, most, signal, pause = sleep }: BackPressureOptions) {
  const waiting: ((isAdmitted: boolean) => void)[] = [];
  let free = 0;
  let isReading = false;
  const admitWaiting = async (): Promise<void> => {
    while (waiting.length > 0 && !signal.aborted) {
      // A database that cannot be read cannot be written to either: nothing is started meanwhile.
      free = most - (await underWay().catch(() => most));
      for (; free > 0 && waiting.length > 0; free -= 1) waiting.shift()?.(true);
      if (waiting.length > 0) await pause(readAgainMs, signal);
    }
    for (const leave of waiting.splice(0)) leave(false);
    isReading = false;
  };
  return {
    /**
     * Resolves with true when one workflow more may be started, with false when the intake stops before. Workflows are
     * admitted in the order in which they ask.
     */
    admit(): Promise<boolean> {
      if (signal.aborted) return Promise.resolve(false);
      if (free > 0 && waiting.length === 0) {
        free -= 1;
        return Promise.resolve(true);
      }
      const admitted = new Promise<boolean>((resolve) => waiting.push(resolve));
      if (!isReading) {
        isReading = true;
        void admitWaiting();
      }
      return admitted;
    },
    /** The number that wait to be admitted. */
    get waiting(): number {
      return waiting.length;
    },
  };
}
