import { quantile } from './spread.ts';

/** Runs each side once per round; every other round begins at the other end, so that no side is always the first. */
export async function inTurns<Result>(
  rounds: number,
  sides: Readonly<Record<string, () => Promise<Result>>>,
  each?: (side: string, round: number, result: Result) => void,
): Promise<Readonly<Record<string, readonly Result[]>>> {
  const results: Record<string, Result[]> = Object.fromEntries(Object.keys(sides).map((side) => [side, []]));
  for (let round = 1; round <= rounds; round += 1) {
    const order = round % 2 === 1 ? Object.entries(sides) : Object.entries(sides).toReversed();
    for (const [side, run] of order) {
      const result = await run();
      results[side]?.push(result);
      each?.(side, round, result);
    }
  }
  return results;
}

/** The milliseconds that something took. */
export async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** `p50 12 ms, p95 30 ms` of some times in milliseconds. */
export const timesShown = (values: readonly number[]): string =>
  `p50 ${quantile(values, 0.5).toFixed(0)} ms, p95 ${quantile(values, 0.95).toFixed(0)} ms`;
