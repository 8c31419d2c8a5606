import type { Log } from '../component.ts';

/** The numbers that an intake counts. */
type Counted = 'recorded' | 'rung' | 'deadLettered' | 'repeats';

export type Metrics = ReturnType<typeof startMetrics>;

const logEveryMs = 10_000;

/**
 * Counts, and logs events per second, the counts and the depth of the queue from time to time, unless all counts are 0.
 */
export function startMetrics(log: Log, depth: () => Promise<object>) {
  let counts: Partial<Record<Counted, number>> = {};
  const logCounts = async (): Promise<void> => {
    const logged = counts;
    counts = {};
    if (Object.keys(logged).length === 0) return;
    const perSecond = (logged.recorded ?? 0) / (logEveryMs / 1_000);
    log.info(
      { perSecond, ...logged, ...(await depth().catch(() => ({ depth: 'unknown' }))) },
      'Customer events taken in',
    );
  };
  const timer = setInterval(() => void logCounts(), logEveryMs);
  return {
    count: (what: Counted, by = 1): void => {
      if (by > 0) counts[what] = (counts[what] ?? 0) + by;
    },
    stop: (): void => clearInterval(timer),
  };
}
