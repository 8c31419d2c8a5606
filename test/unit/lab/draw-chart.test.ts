import { describe, expect, it } from 'vitest';
import type { Chart } from '../../../lab/kit/report.ts';
import { drawChart } from '../../../lab/kit/svg/draw-chart.ts';
import { numberShown, ticksAround } from '../../../lab/kit/svg/ticks.ts';

const bars: Chart = {
  name: 'speed',
  title: 'Orders <b>per second</b> & more',
  kind: 'bars',
  xLabel: 'lane',
  yLabel: 'orders/s',
  series: [
    { name: 'bare "five"', points: [{ x: 'queued', y: 20, low: 18, high: 22 }] },
    { name: 'channel', points: [{ x: 'queued', y: 10 }] },
  ],
};

const depth = (count: number): Chart => ({
  ...bars,
  kind: 'lines',
  series: [{ name: 'depth', points: Array.from({ length: count }, (_, x) => ({ x, y: x * x })) }],
});

/** The names of the elements, in order. Fails unless every one is closed and every sign of markup is one of a tag. */
function elementsOf(xml: string): readonly string[] {
  const [open, all]: [string[], string[]] = [[], []];
  const rest = xml.replace(
    /<(\/?)([a-z]+)((?: [a-zA-Z0-9:-]+="[^"<]*")*)(\/?)>/g,
    (_, end, name: string, __, alone) => {
      if (end === '/') expect(open.pop()).toBe(name);
      else if (alone !== '/') open.push(name);
      if (end !== '/') all.push(name);
      return '';
    },
  );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot);)/);
  return all;
}

const countOf = (names: readonly string[], name: string): number => names.filter((one) => one === name).length;

/** The heights at which bars begin and their heights, without the signs of the legend. */
const barsIn = (drawn: string) =>
  [...drawn.matchAll(/<rect class="bar [^"]+" x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/g)]
    .map(([, y, height]) => [Number(y), Number(height)] as const)
    .slice(2);

describe('a chart', () => {
  it('is well-formed whatever its texts are, and says its title and values in words', () => {
    const drawn = drawChart({ ...bars, xLabel: 'a\u0000b\u0007 ]]> <!-- &amp;' });
    const names = elementsOf(drawn);
    expect(names.slice(0, 4)).toEqual(['svg', 'title', 'desc', 'style']);
    expect(drawn).toContain('Orders &lt;b&gt;per second&lt;/b&gt; &amp; more');
    expect(drawn).toContain('bare &quot;five&quot;: queued 20 (18 to 22)');
    expect(drawn).toContain('role="img"');
    expect(drawn).not.toContain('\u0000');
  });

  it('has a colour for light and one for dark in one file, and no script or address', () => {
    const drawn = drawChart(bars);
    expect(drawn).toContain('prefers-color-scheme:dark');
    expect(drawn).not.toMatch(/<script|href|url\(|\son[a-z]+=/);
  });

  it('of bars has one for each point, as high as its value, with the spread where there is one', () => {
    const drawn = drawChart(bars);
    const [[, high] = [0, 0], [, low] = [0, 0]] = barsIn(drawn);
    expect(high / low).toBeCloseTo(2, 1);
    expect(countOf(elementsOf(drawn), 'path')).toBe(1);
  });

  it('draws a value below zero downwards', () => {
    const points = [
      { x: 'a', y: 5 },
      { x: 'b', y: -5 },
    ];
    const [[above] = [0], [below, height] = [0, 0]] = barsIn(
      drawChart({ ...bars, series: [{ name: 'slope', points }, ...bars.series.slice(1)] }),
    );
    expect(below).toBeGreaterThan(above);
    expect(height).toBeGreaterThan(0);
  });

  it('of bars with names too long to stand below shows the whole of each, and lays the bars', () => {
    const long = Array.from({ length: 9 }, (_, at) => `a setting with a long name, number ${at}`);
    const drawn = drawChart({
      ...bars,
      series: [{ name: 'one', points: long.map((x, y) => ({ x, y, low: 0, high: 9 })) }],
    });
    elementsOf(drawn);
    for (const name of long) expect(drawn).toContain(`>${name}</text>`);
    const widths = [...drawn.matchAll(/<rect class="bar [^"]+" [^>]*width="([\d.]+)"/g)].map(([, width]) =>
      Number(width),
    );
    expect((widths[8] ?? 0) / (widths[4] ?? 1)).toBeCloseTo(2, 1);
  });

  it('of lines goes through every point in the order of x, with dots while they can be told apart', () => {
    expect(countOf(elementsOf(drawChart(depth(5))), 'circle')).toBe(5);
    expect(countOf(elementsOf(drawChart(depth(200))), 'circle')).toBe(0);
    const points = [9, 1, 5].map((x) => ({ x, y: 1 }));
    const [, corners = ''] =
      /points="([^"]+)"/.exec(drawChart({ ...depth(0), series: [{ name: 'one', points }] })) ?? [];
    const xs = corners.split(' ').map((corner) => Number(corner.split(',')[0]));
    expect(xs).toHaveLength(3);
    expect(xs).toEqual(xs.toSorted((one, other) => one - other));
  });

  it.each(['bars', 'lines'] as const)(
    'of %s without a value says so, and one that is no number is left out',
    (kind) => {
      const empty = drawChart({ ...bars, kind, series: [{ name: 'none', points: [] }] });
      elementsOf(empty);
      expect(empty).toContain('No value was measured.');
      const points = [
        { x: 1, y: Number.NaN },
        { x: 2, y: 3 },
      ];
      const holed = drawChart({ ...bars, kind, series: [{ name: 'one', points }] });
      elementsOf(holed);
      expect(holed).not.toContain('NaN');
    },
  );
});

describe('the marks of an axis', () => {
  it.each([
    [0, 26.3, [0, 10, 20, 30]],
    [0, 1400, [0, 500, 1000, 1500]],
    [0, 0.9, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [0, 0, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [-200, 3000, [-1000, 0, 1000, 2000, 3000]],
    [7, 7, [6, 8, 10, 12, 14]],
  ])('from %d to %d are %j', (low, high, marks) => {
    expect(ticksAround(low, high)).toEqual(marks);
  });

  it('numbers are shown as far as they say something', () => {
    expect([12_345.6, 123.4, 12.34, 0.123_44].map(numberShown)).toEqual(['12,346', '123', '12.3', '0.123']);
  });
});
