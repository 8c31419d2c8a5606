/** A count that rises, and the instant it was read at, in milliseconds. */
interface Sample {
  readonly at: number;
  readonly count: number;
}

/**
 * Reads a rising count again and again until it is `all`; resolves with its rise per second from the first sample that
 * had any to the last. So the start of what is measured does not count. `within` is in milliseconds.
 */
export async function rateUntil(count: () => Promise<number>, all: number, within = 300_000): Promise<number> {
  const begun = performance.now();
  let first: Sample | undefined;
  for (;;) {
    const sample = { at: performance.now(), count: await count() };
    if (sample.count > 0) first ??= sample;
    if (first && sample.count >= all) return ((sample.count - first.count) * 1_000) / (sample.at - first.at);
    if (sample.at - begun > within)
      throw new Error(`Only ${sample.count} of ${all} came within ${within / 1_000} seconds.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
