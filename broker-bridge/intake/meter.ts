import type { Log } from '../component.ts';

/** What an intake counts. */
export type Counted = 'recorded' | 'started' | 'deferred' | 'released' | 'handedOver' | 'repeats' | 'postponed';

/** Counts, and tells now and then, when anything has happened. */
export interface Meter {
  count(what: Counted, by?: number): void;
  stop(): void;
}

const tellEveryMs = 10_000;

/** Starts telling: events per second, what became of them, and how many wait. `depth` asks for the latter. */
export function startMeter(log: Log, depth: () => Promise<object>): Meter {
  let counts: Partial<Record<Counted, number>> = {};
  const tell = async (): Promise<void> => {
    const told = counts;
    counts = {};
    if (Object.keys(told).length === 0) return;
    const perSecond = (told.recorded ?? 0) / (tellEveryMs / 1_000);
    log.info(
      { perSecond, ...told, ...(await depth().catch(() => ({ depth: 'unknown' }))) },
      'Customer events taken in',
    );
  };
  const timer = setInterval(() => void tell(), tellEveryMs);
  return {
    count: (what, by = 1) => {
      if (by > 0) counts[what] = (counts[what] ?? 0) + by;
    },
    stop: () => clearInterval(timer),
  };
}
