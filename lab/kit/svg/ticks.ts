/** The values at which an axis has its marks: from the first to the last, which is where the axis ends. */
export type Ticks = readonly number[];

const roundSteps = [1, 2, 5, 10];

/**
 * Marks at round numbers (steps of 1, 2 or 5 times a power of ten) that enclose these values, about `wanted` of them.
 */
export function ticksAround(low: number, highest: number, wanted = 5): Ticks {
  const high = highest > low ? highest : low + (Math.abs(low) || 1);
  const span = high - low;
  const power = 10 ** Math.floor(Math.log10(span / wanted));
  const factor = roundSteps.find((step) => step * power * wanted >= span * 0.999) ?? 10;
  const step = factor * power;
  const [first, last] = [Math.floor(low / step), Math.ceil(high / step)];
  // Whole numbers are counted and then scaled: steps of 0.1 added up would not stay round.
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

/** A mark of an axis; it is round already. */
export const tickShown = (tick: number): string =>
  new Intl.NumberFormat('en-GB', { maximumFractionDigits: 9 }).format(tick);

/** A measured number as a reader wants it: `12,000`, `0.25`. */
export const numberShown = (value: number): string =>
  new Intl.NumberFormat('en-GB', { maximumFractionDigits: digitsOf(value) }).format(value);

const digitsOf = (value: number): number => (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 3);
