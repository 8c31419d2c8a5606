/** A length of time: a whole number and its unit, as in `90 seconds`, `3 days`. */
export type Duration =
  `${number} ${'ms' | 'second' | 'seconds' | 'minute' | 'minutes' | 'hour' | 'hours' | 'day' | 'days'}`;
