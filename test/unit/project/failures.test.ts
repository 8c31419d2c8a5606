import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { refusalTypes } from '../../../contracts/failures.ts';
import { heldFor, helpWith, holdReasons } from '../../../contracts/mediators/holds.ts';
import { cases, cellOf, testedCommands, troubles, undoings } from '../../integration/failure-matrix/matrix.ts';
import { markOf, tables } from '../../integration/failure-matrix/tables.ts';

const page = readFileSync(new URL('../../../docs/failures.md', import.meta.url), 'utf8');

/** What stands between the marks, without the padding of a formatted table. */
function partOf(text: string, name: string): readonly string[] {
  const part = text.split(markOf('begin', name))[1]?.split(markOf('end', name))[0] ?? '';
  return linesOf(part);
}

const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.replaceAll(/-{3,}/g, '---').replaceAll(/ +/g, ' ').trim())
    .filter((line) => line !== '');

/** The first cells of a table's rows. */
const namesIn = (name: string): readonly string[] =>
  partOf(page, name).flatMap((line) => /^\| `(\w+)` \|/.exec(line)?.[1] ?? []);

it.each(Object.entries(tables))('docs/failures.md has the table of %s as the code makes it', (name, table) => {
  expect(partOf(page, name), 'made anew by npm run docs:failures').toEqual(linesOf(table()));
});

it('docs/failures.md names every refusal and every hold reason, and no other', () => {
  expect(namesIn('refusals')).toEqual(refusalTypes);
  expect(namesIn('holds')).toEqual(holdReasons);
});

it('docs/failures.md says of every hold what helps, in the sentence that people are told', () => {
  const lines = partOf(page, 'holds');
  for (const reason of holdReasons)
    expect(lines.find((line) => line.startsWith(`| \`${reason}\` `))).toContain(helpWith[reason]);
});

it('every refusal that holds an order holds it for a reason there is', () => {
  expect(Object.values(heldFor).filter((reason) => !holdReasons.includes(reason))).toEqual([]);
});

it('the matrix plays every combination, or says why it cannot be', () => {
  const combinations = testedCommands.flatMap((tested) =>
    troubles.flatMap((trouble) => undoings.map((undo) => cellOf(tested, trouble, undo))),
  );
  const excused = combinations.filter((cell) => 'cannotBe' in cell && cell.cannotBe !== '');
  expect(cases.length + excused.length).toBe(testedCommands.length * troubles.length * undoings.length);
});
