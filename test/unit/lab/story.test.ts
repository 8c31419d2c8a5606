import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { machine, versions } from '../../../lab/kit/machine.ts';
import type { Result } from '../../../lab/kit/save.ts';
import { notMade, sectionOf } from '../../../lab/kit/section.ts';
import { withFigures } from '../../../lab/kit/figures.ts';
import { measuredIn, withSections } from '../../../lab/kit/story.ts';

const story = [
  '# By hand',
  '<!-- measured: orders -->',
  'what was there',
  '<!-- end -->',
  'between',
  '<!-- measured: growth -->',
  '<!-- end -->',
  'after',
  '',
].join('\n');

const result: Result = {
  measurement: 'orders',
  measuredAt: '2026-11-30T09:00:00.000Z',
  machine: { ...machine(), processor: 'A <CPU> | 2', cores: 2 },
  versions: versions(),
  runs: 5,
  settings: { 'at once': 50 },
  tables: [{ title: 'Speed', columns: ['side', 'orders/s'], rows: [['bare | five', 20]] }],
  charts: [{ name: 'speed', title: 'Speed [x]', kind: 'bars', xLabel: '', yLabel: '', series: [] }],
  notes: ['`a|b <c>` is *code*,\nand <this> is not.'],
};

describe('the sections of the story', () => {
  it('are written anew between their marks, and nothing else is touched', () => {
    const written = withSections(story, (name) => `(${name})`);
    expect(written).not.toContain('what was there');
    expect(written.replace(/(?<=measured: \w+ -->)[^]*?(?=<!-- end)/g, '\n').split('\n')).toEqual(
      story.replace('what was there\n', '').split('\n'),
    );
    expect(written).toContain('<!-- measured: growth -->\n\n(growth)\n\n<!-- end -->\nafter\n');
    expect(withSections(written, (name) => `(${name})`)).toBe(written);
  });

  it('give the order of the measurements', () => {
    expect(measuredIn(story)).toEqual(['orders', 'growth']);
  });

  it.each([
    ['<!-- measured: orders -->\n', 'no <!-- end --> behind <!-- measured: orders -->'],
    ['<!-- measured: a -->\n<!-- measured: b -->\n<!-- end -->', 'no <!-- end --> behind <!-- measured: a -->'],
    ['text\n<!-- end -->', 'an <!-- end --> without a <!-- measured: NAME -->'],
  ])('of %j are refused, because its marks are not in pairs', (text, sentence) => {
    expect(() => withSections(text, () => '')).toThrow(sentence);
  });
});

describe('a section', () => {
  const section = sectionOf(result);

  it('says when, how often, on which machine, with which versions and settings it was measured', () => {
    expect(section).toContain(
      'Measured on 2026-11-30 by `npm run lab -- orders`, 5 runs, on 2 cores (A \\<CPU\\> | 2)',
    );
    expect(section).toContain(`node ${process.versions.node}`);
    expect(section).toContain('Settings: at once 50.');
  });

  it('has its tables, the files of its charts, and its notes, whose markup is text but for code', () => {
    expect(section).toContain('**Speed**\n\n| side | orders/s |\n| --- | --- |\n| bare \\| five | 20 |');
    expect(section).toContain('![Speed \\[x\\]](benchmarks/orders-speed.svg)');
    expect(section).toContain('- `a|b <c>` is \\*code\\*, and \\<this\\> is not.');
  });

  it('of a measurement that was never made says so, and which command makes it', () => {
    expect(notMade('growth')).toContain('not measured yet: `npm run lab -- growth`');
  });
});

describe('the figures in a text', () => {
  const results: Readonly<Record<string, unknown>> = {
    auction: { sides: [{ side: 'events', lost: { median: 1234.5 } }] },
  };
  const text = 'as many as <!--= auction/sides/events/lost/median -->7<!-- --> of <!--= growth/orders --><!-- -->.';

  it('are written anew between their marks, to three digits, and nothing else is touched', () => {
    const written = withFigures(text, (name) => results[name]);
    expect(written).toBe(
      'as many as <!--= auction/sides/events/lost/median -->1,230<!-- --> of <!--= growth/orders -->not measured yet<!-- -->.',
    );
    expect(withFigures(written, (name) => results[name])).toBe(written);
  });

  it.each(['auction/sides/requests/lost', 'auction/sides', 'auction/bids/median'])(
    'fail when %s is no number',
    (path) => {
      expect(() => withFigures(`<!--= ${path} --><!-- -->`, (name) => results[name])).toThrow(
        `${path} leads to no number`,
      );
    },
  );

  it('of the chapter’s tables are those of the measurements', () => {
    const docs = new URL('../../../docs/', import.meta.url);
    const tables = readFileSync(new URL('chapter-tables.md', docs), 'utf8');
    const resultOf = (name: string): unknown =>
      JSON.parse(readFileSync(new URL(`benchmarks/${name}.json`, docs), 'utf8'));
    expect(tables.split('<!--= ').length - 1).toBeGreaterThan(20);
    expect(withFigures(tables, resultOf)).toBe(tables);
  });
});
