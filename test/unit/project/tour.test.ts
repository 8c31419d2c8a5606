import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

/** The links of the form [`name`](../file#Lline). */
const stops = [...read('docs/tour.md').matchAll(/\[`(\w+)`\]\(\.\.\/([^)#]+)#L(\d+)\)/g)].map(
  ([, name = '', file = '', line = '']) => ({ name, file, line: Number(line) }),
);

const declares = (name: string): RegExp =>
  new RegExp(
    `^(export )?(async )?(function|const|class) ${name}\\b|^ {2}(async )?${name}\\(|^CREATE FUNCTION .*"${name}"`,
  );

describe('the tour of docs/tour.md', () => {
  it('has at most twelve stops, each with a place to open', () => {
    const numbered = read('docs/tour.md').match(/^\d+\. \[`/gm) ?? [];
    expect(numbered.length).toBe(12);
    expect(stops.length).toBeGreaterThanOrEqual(numbered.length);
  });

  it.each(stops)('finds $name in $file, line $line', ({ name, file, line }) => {
    expect(read(file).split('\n')[line - 1]).toMatch(declares(name));
  });
});
