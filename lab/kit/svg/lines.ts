import type { Chart, Point } from '../report.ts';
import { element } from './element.ts';
import { label, scale, whisker, type Plot } from './frame.ts';
import { seriesClass } from './style.ts';
import { tickShown, ticksAround } from './ticks.ts';

/** With more points the dots would hide the line. */
const mostDots = 30;

/** A line for each series along a number: time, or size. */
export function lines({ series }: Chart, plot: Plot): string {
  const all = series.map(({ points }) => points.map(numbered).filter(({ x }) => Number.isFinite(x)));
  const xs = all.flat().map(({ x }) => x);
  if (xs.length === 0) return '';
  const ticks = ticksAround(Math.min(...xs), Math.max(...xs), 8);
  const place = scale(ticks, plot.left, plot.right);
  const marks = ticks.map((tick) =>
    label(tickShown(tick), { x: place(tick), y: plot.bottom + 18, 'text-anchor': 'middle' }),
  );
  const drawn = all.map((points, at) => lineOf(points, seriesClass(at), place, plot.y));
  return [...marks, ...drawn].join('');
}

interface Numbered extends Point {
  readonly x: number;
}

const numbered = (point: Point): Numbered => ({ ...point, x: Number(point.x) });

type Place = (value: number) => number;

function lineOf(points: readonly Numbered[], own: string, place: Place, height: Place): string {
  const inOrder = points.toSorted((one, other) => one.x - other.x);
  const corners = inOrder.map(({ x, y }) => `${place(x).toFixed(1)},${height(y).toFixed(1)}`).join(' ');
  const dots = inOrder.map(({ x, y }) => element('circle', { class: `dot ${own}`, cx: place(x), cy: height(y), r: 3 }));
  return [
    ...inOrder.map(({ x, low, high }) => whisker(Math.round(place(x)), low, high, height)),
    element('polyline', { class: `line ${own}`, points: corners }),
    ...(points.length <= mostDots ? dots : []),
  ].join('');
}
