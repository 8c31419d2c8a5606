import type { Chart } from '../report.ts';
import { element } from './element.ts';
import { groupsOf, label, whisker, widthOfSign, type Plot } from './frame.ts';
import { seriesClass } from './style.ts';
import { numberShown } from './ticks.ts';

/** With more bars their values would run into each other. */
const mostValues = 16;

/** Bars side by side for every `x`, in the order in which the series name them. */
export function bars({ series }: Chart, plot: Plot): string {
  const groups = groupsOf(series);
  const slot = (plot.right - plot.left) / Math.max(1, groups.length);
  const wide = Math.min(56, (slot * 0.76) / Math.max(1, series.length));
  const isValued = groups.length * series.length <= mostValues;
  const names = groups.map((name, group) => groupName(name, plot.left + slot * (group + 0.5), slot, plot));
  const drawn = series.flatMap(({ points }, at) =>
    points.map(({ x, y, low, high }) => {
      const middle = plot.left + slot * (groups.indexOf(String(x)) + 0.5);
      const left = middle + (at - series.length / 2) * wide;
      const [from, to] = [plot.y(Math.max(0, y)), plot.y(Math.min(0, y))];
      const box = { x: left + 1, y: from, width: wide - 2, height: to - from };
      const value = label(numberShown(y), {
        class: 'value',
        x: left + wide / 2,
        y: y < 0 ? plot.y(Math.min(y, low ?? 0)) + 13 : plot.y(Math.max(y, high ?? 0)) - 5,
        'text-anchor': 'middle',
      });
      return [
        element('rect', { class: `bar ${seriesClass(at)}`, ...box }),
        whisker(Math.round(left + wide / 2), low, high, plot.y),
        isValued ? value : '',
      ].join('');
    }),
  );
  return [...names, ...drawn].join('');
}

/** True when every name has room under its group, on two lines at most. */
export function hasRoomForNames({ series }: Chart, { left, right }: Plot): boolean {
  const groups = groupsOf(series);
  const room = (right - left) / Math.max(1, groups.length);
  return groups.every((name) => linesOf(name, room).every((line) => line.length * widthOfSign <= room));
}

const linesOf = (name: string, room: number): readonly string[] =>
  name.length * widthOfSign <= room ? [name] : inTwo(name);

const groupName = (name: string, middle: number, room: number, { bottom }: Plot): string =>
  linesOf(name, room)
    .map((line, at) => label(line, { class: 'name', x: middle, y: bottom + 16 + at * 13, 'text-anchor': 'middle' }))
    .join('');

/** Broken at the blank that is nearest to the middle. */
function inTwo(name: string): readonly string[] {
  const blanks = [...name.matchAll(/ /g)].map(({ index }) => index);
  const [best] = blanks.toSorted((one, other) => Math.abs(one - name.length / 2) - Math.abs(other - name.length / 2));
  return best === undefined ? [name] : [name.slice(0, best), name.slice(best + 1)];
}
