/** The measurements of the good events of one run. */
export interface Measured {
  /** Good events taken in a second, measured over the publishing after its first two seconds. */
  readonly perSecond: number;
  /** Milliseconds, by the name of the measurement. */
  readonly times: Readonly<Record<string, readonly number[]>>;
}

/** The number of instants in a second, over the steady part of a run. */
export function perSecond(instants: readonly number[], begun: number, ended: number): number {
  const from = begun + 2000;
  return (instants.filter((instant) => instant >= from && instant < ended).length * 1000) / (ended - from);
}

/** Several runs as one. */
export const together = (runs: readonly Measured[]): Measured => ({
  perSecond: runs.reduce((sum, run) => sum + run.perSecond, 0) / runs.length,
  times: Object.fromEntries(
    Object.keys(runs[0]?.times ?? {}).map((name) => [name, runs.flatMap((run) => run.times[name] ?? [])]),
  ),
});
