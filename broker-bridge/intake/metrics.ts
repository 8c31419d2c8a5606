import type { Log } from '../component.ts';

/** The numbers that an intake counts. */
export type Counted = 'recorded' | 'started' | 'deferred' | 'resumed' | 'deadLettered' | 'repeats' | 'postponed';

/** Counts, and logs the counts from time to time unless all are 0. */
export interface Metrics {
  count(what: Counted, by?: number): void;
  stop(): void;
}

const logEveryMs = 10_000;

/** Starts to log: events per second, the counts, and the depth of the queue, which `depth` reads. */
export function startMetrics(log: Log, depth: () => Promise<object>): Metrics {
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
    count: (what, by = 1) => {
      if (by > 0) counts[what] = (counts[what] ?? 0) + by;
    },
    stop: () => clearInterval(timer),
  };
}
