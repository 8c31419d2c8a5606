/** How fast counters rise, from one look to the next. */
export interface Rates {
  /** Null at the first look, and when the counter began anew. */
  perSecond(name: string, count: number): number | null;
}

/** Looks closer together than this are one. */
const shortestMs = 500;

export function createRates(now: () => number = () => performance.now()): Rates {
  const known = new Map<string, { readonly at: number; readonly count: number; readonly rate: number | null }>();
  return {
    perSecond(name, count) {
      const before = known.get(name);
      const at = now();
      if (before && at - before.at < shortestMs) return before.rate;
      const rate = before && count >= before.count ? ((count - before.count) * 1000) / (at - before.at) : null;
      known.set(name, { at, count, rate });
      return rate;
    },
  };
}
