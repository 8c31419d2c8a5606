import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { markOf, tables } from '../../integration/permissions/tables.ts';

const page = readFileSync(new URL('../../../docs/permissions.md', import.meta.url), 'utf8');

/** Without the padding of a formatted table. */
const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.replaceAll(/-{3,}/g, '---').replaceAll(/ +/g, ' ').trim())
    .filter((line) => line !== '');

it.each(Object.entries(tables))('docs/permissions.md has the part %s as the code makes it', (name, part) => {
  const found = page.split(markOf('begin', name))[1]?.split(markOf('end', name))[0] ?? '';
  expect(linesOf(found), 'made anew by npm run docs:permissions').toEqual(linesOf(part()));
});
