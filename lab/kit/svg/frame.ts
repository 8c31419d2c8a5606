import type { Chart } from '../report.ts';
import { element, textOf } from './element.ts';
import { tickShown, ticksAround, type Ticks } from './ticks.ts';

/** The size of every chart; it is scaled to where it is shown. */
export const size = { width: 760, height: 400 } as const;

/** Where values stand. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** The place of a value on the upright axis. */
  y(value: number): number;
  readonly yTicks: Ticks;
}

/** The names of the groups of bars, in the order in which the series name them. */
export const groupsOf = (series: Chart['series']): readonly string[] => [
  ...new Set(series.flatMap(({ points }) => points.map(({ x }) => String(x)))),
];

/** The marks of the axis of values. It begins at zero, or below it when a value does. */
export function valueTicks(series: Chart['series']): Ticks {
  const values = series.flatMap(({ points }) => points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]));
  return ticksAround(Math.min(0, ...values), Math.max(0, ...values));
}

/** The room that a sign of a name takes, in pixels. */
export const widthOfSign = 6.2;

/** The plot under so many pixels of head. */
export function plotOf({ series }: Chart, head: number): Plot {
  const yTicks = valueTicks(series);
  const widest = Math.max(...yTicks.map((tick) => tickShown(tick).length));
  const box = { left: 40 + widest * 7, right: size.width - 20, top: head, bottom: size.height - 62 };
  return { ...box, yTicks, y: scale(yTicks, box.bottom, box.top) };
}

/** Places of values between the first and the last tick. */
export function scale(ticks: Ticks, from: number, to: number): (value: number) => number {
  const [first, last] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  return (value) => from + ((value - first) / (last - first)) * (to - from);
}

/** The upright axis with its grid, and the names of both axes. */
export function axes({ xLabel, yLabel }: Chart, { left, right, top, bottom, y, yTicks }: Plot): string {
  const lines = yTicks.map((tick) =>
    [
      element('line', { class: tick === 0 ? 'axis' : 'grid', x1: left, x2: right, y1: y(tick), y2: y(tick) }),
      label(tickShown(tick), { x: left - 8, y: y(tick) + 4, 'text-anchor': 'end' }),
    ].join(''),
  );
  const middle = (top + bottom) / 2;
  return [
    ...lines,
    label(xLabel, { x: (left + right) / 2, y: size.height - 12, 'text-anchor': 'middle' }),
    label(yLabel, { x: 18, y: middle, 'text-anchor': 'middle', transform: `rotate(-90 18 ${middle})` }),
  ].join('');
}

export const label = (text: string, attributes: Readonly<Record<string, string | number>>): string =>
  element('text', attributes, textOf(text));

/** The spread of a value, as a bar with two ends across. */
export function whisker(at: number, low: number | undefined, high: number | undefined, y: Plot['y']): string {
  if (low === undefined || high === undefined) return '';
  const [from, to] = [y(low), y(high)].map((place) => Math.round(place * 10) / 10);
  return element('path', { class: 'whisker', d: `M${at - 4} ${from}h8m-4 0V${to}m-4 0h8` });
}
