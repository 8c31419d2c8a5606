/** A length of time: a whole number and its unit, as in `90 seconds`, `3 days`. */
export type Duration =
  `${number} ${'ms' | 'second' | 'seconds' | 'minute' | 'minutes' | 'hour' | 'hours' | 'day' | 'days'}`;

const unitsInMs: Readonly<Record<string, number>> = {
  ms: 1,
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** A length of time in milliseconds. */
export function inMs(duration: Duration): number {
  const [count, unit = ''] = duration.split(' ');
  const ms = unitsInMs[unit === 'ms' ? unit : unit.replace(/s$/, '')];
  if (ms === undefined) throw new Error(`"${duration}" is no length of time: a number and its unit, as in "3 days".`);
  return Number(count) * ms;
}
