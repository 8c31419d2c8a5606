import type { Chart, Series } from '../report.ts';
import { element } from './element.ts';
import { groupsOf, label, scale, size, valueTicks, widthOfSign } from './frame.ts';
import { seriesClass } from './style.ts';
import { numberShown, tickShown } from './ticks.ts';

const thick = 13;

/** Bars that lie: a row for each `x`, with the whole of its name before it. The chart is as high as they need. */
export function lyingBars(
  { series, xLabel, yLabel }: Chart,
  top: number,
): { readonly height: number; readonly drawn: string } {
  const groups = groupsOf(series);
  const ticks = valueTicks(series);
  const left = 40 + Math.max(...groups.map(({ length }) => length)) * widthOfSign;
  const right = size.width - 60; // the value of the longest bar stands behind it
  const place = scale(ticks, left, right);
  const room = series.length * thick + 9;
  const bottom = top + groups.length * room;
  const grid = ticks.flatMap((tick) => [
    element('line', { class: tick === 0 ? 'axis' : 'grid', x1: place(tick), x2: place(tick), y1: top, y2: bottom }),
    label(tickShown(tick), { x: place(tick), y: bottom + 16, 'text-anchor': 'middle' }),
  ]);
  const names = groups.map((name, group) =>
    label(name, { class: 'name', x: left - 8, y: top + (group + 0.5) * room + 4, 'text-anchor': 'end' }),
  );
  const bars = series.flatMap(({ points }, at) =>
    points.map((point) => {
      const middle = top + (groups.indexOf(String(point.x)) + 0.5) * room + (at + 0.5 - series.length / 2) * thick;
      return lyingBar(point, middle, seriesClass(at), place);
    }),
  );
  const what = [
    label(xLabel, { x: left - 8, y: bottom + 38, 'text-anchor': 'end' }),
    label(yLabel, { x: (left + right) / 2, y: bottom + 38, 'text-anchor': 'middle' }),
  ];
  return { height: bottom + 50, drawn: [...grid, ...names, ...bars, ...what].join('') };
}

type Place = (value: number) => number;

function lyingBar({ y, low, high }: Series['points'][number], middle: number, own: string, place: Place): string {
  const [from, to] = [place(Math.min(0, y)), place(Math.max(0, y))];
  const box = { x: from, y: middle - thick / 2 + 1, width: to - from, height: thick - 2 };
  const end = place(Math.max(0, y, high ?? y));
  return [
    element('rect', { class: `bar ${own}`, ...box }),
    lyingWhisker(low, high, middle, place),
    label(numberShown(y), { class: 'value', x: end + 6, y: middle + 4 }),
  ].join('');
}

function lyingWhisker(low: number | undefined, high: number | undefined, middle: number, place: Place): string {
  if (low === undefined || high === undefined) return '';
  const [from, to] = [place(low), place(high)].map((end) => Math.round(end * 10) / 10);
  return element('path', { class: 'whisker', d: `M${from} ${middle - 4}v8m0-4H${to}m0-4v8` });
}
