/** At most this share of the time goes into work that is asked for again and again. */
const largestShare = 0.02;
const atLeastMs = 2_000;

/** The last answer, renewed no more often than its work is worth: what took 100 ms is done again after 5 s. Failures are not kept. */
export function seldom<T>(work: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined;
  let goodUntil = 0;
  const renew = async (): Promise<T> => {
    const began = performance.now();
    try {
      return await work();
    } finally {
      goodUntil = performance.now() + Math.max(atLeastMs, (performance.now() - began) / largestShare);
    }
  };
  return () => {
    if (kept && performance.now() < goodUntil) return kept;
    goodUntil = Infinity;
    kept = renew();
    kept.catch(() => (kept = undefined));
    return kept;
  };
}
