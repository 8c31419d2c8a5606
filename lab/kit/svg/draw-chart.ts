import type { Chart, Series } from '../report.ts';
import { bars, hasRoomForNames } from './bars.ts';
import { element, textOf } from './element.ts';
import { axes, label, plotOf, size } from './frame.ts';
import { lines } from './lines.ts';
import { lyingBars } from './lying-bars.ts';
import { seriesClass, style } from './style.ts';
import { numberShown } from './ticks.ts';

/** Draws a chart as the text of one SVG file, for light and dark. Its description says the values in words. */
export function drawChart(given: Chart): string {
  const chart = { ...given, series: given.series.map(measuredOf) };
  const { title, kind, series } = chart;
  const legend = legendOf(series, kind);
  const { height, drawn } = pictureOf(chart, 62 + legend.height);
  const svg = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: size.width,
      height,
      viewBox: `0 0 ${size.width} ${height}`,
      role: 'img',
      'aria-labelledby': 'title',
      'aria-describedby': 'desc',
    },
    element('title', { id: 'title' }, textOf(title)),
    element('desc', { id: 'desc' }, textOf(wordsOf(chart))),
    element('style', {}, style),
    element('rect', { class: 'page', width: size.width, height, rx: 8 }),
    label(title, { class: 'title', x: 20, y: 28 }),
    legend.drawn,
    drawn,
  );
  return `${svg}\n`;
}

/** What stands under the head, and how high the chart is with it. Bars lie where their names have no room below. */
function pictureOf(chart: Chart, head: number): { readonly height: number; readonly drawn: string } {
  const plot = plotOf(chart, head);
  const isEmpty = chart.series.every(({ points }) => points.length === 0);
  if (!isEmpty && chart.kind === 'bars' && !hasRoomForNames(chart, plot)) return lyingBars(chart, head);
  const middle = { x: size.width / 2, y: (plot.top + plot.bottom) / 2, 'text-anchor': 'middle' };
  const values = isEmpty
    ? label('No value was measured.', middle)
    : chart.kind === 'bars'
      ? bars(chart, plot)
      : lines(chart, plot);
  return { height: size.height, drawn: axes(chart, plot) + values };
}

/** Without points that are no number: a run that measured nothing. */
const measuredOf = ({ name, points }: Series): Series => ({
  name,
  points: points.filter(({ y }) => Number.isFinite(y)),
});

/** The names of the series with their colours, in as many rows as they need; none for one series. */
function legendOf(series: readonly Series[], kind: Chart['kind']): { readonly drawn: string; readonly height: number } {
  if (series.length < 2) return { drawn: '', height: 0 };
  let [x, y] = [20, 50];
  const entries = series.map(({ name }, at) => {
    const room = 34 + name.length * 6.6;
    if (x > 20 && x + room > size.width - 10) [x, y] = [20, y + 18];
    const own = seriesClass(at);
    const sign =
      kind === 'bars'
        ? element('rect', { class: `bar ${own}`, x, y: y - 10, width: 12, height: 12 })
        : element('line', { class: `line ${own}`, x1: x, x2: x + 22, y1: y - 4, y2: y - 4 });
    const entry = sign + label(name, { class: 'name', x: x + (kind === 'bars' ? 17 : 27), y });
    x += room + 14;
    return entry;
  });
  return { drawn: entries.join(''), height: y - 38 };
}

/** For those who do not see the picture: every bar, or where each line begins, ends and is highest. */
function wordsOf({ kind, xLabel, yLabel, series }: Chart): string {
  const each = series.map(({ name, points }) => `${name}: ${kind === 'bars' ? allOf(points) : courseOf(points)}`);
  return `${yLabel} by ${xLabel}. ${each.join('. ')}.`;
}

type Points = Series['points'];

const pointShown = ({ x, y, low, high }: Points[number]): string =>
  `${x} ${numberShown(y)}${low === undefined || high === undefined ? '' : ` (${numberShown(low)} to ${numberShown(high)})`}`;

const allOf = (points: Points): string => points.map(pointShown).join(', ') || 'no value';

function courseOf(points: Points): string {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return 'no value';
  if (points.length <= 8) return allOf(points);
  const highest = points.reduce((most, point) => (point.y > most.y ? point : most));
  return `from ${pointShown(first)} to ${pointShown(last)}, highest at ${pointShown(highest)}`;
}
