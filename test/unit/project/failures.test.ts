import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { commandRoutes } from '../../../contracts/command-routes.ts';
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

/** The combinations that no case plays, by hand: the rules of the matrix may excuse no other one. */
const leftOut: readonly (readonly [command: string, trouble: string, undoings: readonly string[]])[] = [
  ['create-order', 'refused', ['works', 'fails-twice']],
  ['create-order', 'late', ['none']],
  ['create-order', 'cancelled', ['none']],
  ['confirmation', 'late', ['none', 'works', 'fails-twice']],
  ['confirmation', 'cancelled', ['none']],
  ['apply-payment', 'refused', ['none']],
  ['apply-payment', 'late', ['none']],
  ['apply-payment', 'cancelled', ['none']],
  ['adjust-inventory', 'refused', ['none']],
  ['adjust-inventory', 'late', ['none']],
  ['adjust-inventory', 'cancelled', ['none']],
  ['fulfill-order', 'refused', ['none']],
  ['fulfill-order', 'late', ['none']],
  ['fulfill-order', 'cancelled', ['none']],
  ['order-stock', 'late', ['none', 'works', 'fails-twice']],
  ['order-stock', 'cancelled', ['none']],
  ['ship-order', 'refused', ['none']],
  ['ship-order', 'late', ['none']],
  ['ready-to-ship', 'late', ['none', 'works', 'fails-twice']],
  ['ready-to-ship', 'cancelled', ['none']],
  ['shipped', 'late', ['none', 'works', 'fails-twice']],
  ['shipped', 'cancelled', ['none']],
];

it('the matrix plays every combination but those of a list, and says why each of these cannot be', () => {
  const combinations = testedCommands.flatMap((tested) =>
    troubles.flatMap((trouble) =>
      undoings.map((undo) => ({ name: `${tested.kind ?? tested.command} ${trouble} ${undo}`, tested, trouble, undo })),
    ),
  );
  const excused = leftOut.flatMap(([command, trouble, undos]) => undos.map((undo) => `${command} ${trouble} ${undo}`));
  const played = cases.map(({ tested, trouble, undo }) => `${tested.kind ?? tested.command} ${trouble} ${undo}`);
  expect([...played, ...excused].toSorted()).toEqual(combinations.map(({ name }) => name).toSorted());
  for (const { name, tested, trouble, undo } of combinations) {
    const cell = cellOf(tested, trouble, undo);
    if ('cannotBe' in cell) expect(cell.cannotBe, name).not.toBe('');
  }
});

it('the matrix tests every kind of command that an order gives in its five steps', () => {
  const compensations = ['cancel-order', 'release-inventory', 'refund-payment', 'unpack-order', 'recall-shipment'];
  const ofOtherFlows = ['amend-order', 'check-card', 'change-price'];
  const ofCustomers = ['register-customer', 'change-address', 'change-email', 'mark-unreachable', 'record-bounce'];
  const ofTheReconciler = ['reconcile-charges', 'reconcile-shipments', 'reconcile-stock'];
  const ofReturns = ['open-return', 'close-return', 'refund-return', 'restock-return'];
  const ofDeliveries = ['receive-stock', 'check-delivery', 'close-purchase-order'];
  const others = [...compensations, ...ofOtherFlows, ...ofCustomers, ...ofTheReconciler, ...ofReturns, ...ofDeliveries];
  const tested = new Set(testedCommands.map(({ command }) => command));
  expect([...tested, ...others].toSorted()).toEqual(Object.keys(commandRoutes).toSorted());
});
