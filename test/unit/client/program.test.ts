import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goodOrder as good, runCommandLine } from '../../support/command-line.ts';

const nowhere = { TEMPORAL_ADDRESS: '127.0.0.1:1', DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing' };

/** Runs one command line that must end before anything is reached: there is nothing at the address it gets. */
const run = (...argv: readonly string[]) => runCommandLine(nowhere, ...argv);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'client-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(content: string): Promise<string> {
  const path = join(folder, 'order.json');
  await writeFile(path, content);
  return path;
}

describe('what cannot be used ends with exit code 2 and one line that names it:', () => {
  test.each([
    ['an unknown option', ['place', '--bogus'], '--bogus'],
    ['an unknown command', ['bogus'], 'bogus'],
    ['a missing argument', ['show'], 'order'],
    ['no command', [], 'place, watch, show, list, holds, approve, pay'],
    [
      'a quantity of nothing',
      [...good, '--line', '9780132350884:0'],
      '--line 2 (quantity) must be a whole number from 1 to 10000.',
    ],
    ['a title twice', [...good, '--line', '9780134685991:1'], '--line 2 (isbn) is the same title as --line 1'],
    ['an unknown currency', [...good, '--currency', 'XXX'], '--currency must be'],
    ['an unknown country', [...good, '--country', 'XX'], '--country must be'],
    ['a malformed request id', [...good, '--request-id', 'a b'], '--request-id must be'],
    ['a name over two lines', [...good, '--name', 'a\r\nBcc: b'], '--name must be'],
    ['no card', good.slice(0, -2), '--card must be'],
    ['a file that is not there', ['place', '--file', '/no/such/order.json'], '/no/such/order.json'],
    ['a file beside what it replaces', [...good, '--file', '/no/such/order.json'], '--file'],
    ['a deadline of nothing', [...good, '--deadline', '0'], '--deadline'],
    ['a payment without a card', ['pay', 'ord-1'], '--card must be'],
    ['a card of another kind', ['pay', 'ord-1', '--card', '4111-1111'], '--card must be'],
    ['an amendment of nothing', ['amend', 'ord-1'], 'Say what is to change: --line'],
    ['an amendment to nothing', ['amend', 'ord-1', '--line', '9780134685991:0'], '--line 1 (quantity) must be'],
    ['an amendment from no file', ['amend', 'ord-1', '--file', '/no/such.json'], '/no/such.json'],
    ['a file beside the lines', ['amend', 'ord-1', '--line', '9780134685991:1', '--file', '/x'], '--file'],
    ['a retry without a name', ['retry', 'ord-1'], 'Only an operator may retry: say who with --actor NAME'],
    ['a retry under an empty name', ['retry', 'ord-1', '--actor', ''], '--actor must be'],
    ['a retry of no order', ['retry', '--actor', 'Kim'], 'orders'],
    ['a retry of no order id', ['retry', 'ord-1', 'a b', '--actor', 'Kim'], '"a b" is not an order id'],
    ['an approval without a name', ['approve', 'ord-1'], 'Only an operator may approve: say who with --actor NAME'],
    ['a return declined without a reason', ['return', 'decline', 'return-1', '--actor', 'Kim'], '--reason'],
    ['a return approved without a name', ['return', 'approve', 'return-1'], 'say who with --actor NAME'],
    [
      'an inspection with more to sell than was accepted',
      ['return', 'inspect', 'return-1', '--actor', 'Kim', '--line', '9780134685991:1:2'],
      '--line 1 (sellable) must not be more',
    ],
    [
      'an inspection of no number',
      ['return', 'inspect', 'return-1', '--actor', 'Kim', '--line', '9780134685991:all'],
      '--line 1 (accepted) must be',
    ],
    ['skipping without a name', ['skip', 'ord-1', '--command', 'order-stock'], 'Only an operator may skip'],
    ['skipping nothing', ['skip', 'ord-1', '--actor', 'Kim'], '--command must be one that may be skipped'],
    ['a reason over two lines', ['cancel', 'ord-1', '--reason', 'a\nb'], '--reason must be'],
    ['an update id with a space', ['cancel', 'ord-1', '--update-id', 'a b'], '--update-id'],
    ['an unknown reason to be held', ['holds', '--reason', 'weather'], '--reason'],
  ])('%s', async (_, argv, named) => {
    const { code, printed, noted } = await run(...argv);
    expect({ code, printed, lines: noted.length }).toEqual({ code: 2, printed: [], lines: 1 });
    expect(noted[0]).toContain(named);
    expect(noted[0]).not.toMatch(/\n/);
  });

  test.each([
    ['text', 'not JSON', 'is not JSON'],
    ['too much of it', `"${'x'.repeat(64 * 1024)}"`, 'larger than 64 KiB'],
    ['a list', '[]', 'the order must be an object'],
    ['an order with a field too many', '{"coupon":1}', 'coupon is not a field of an order'],
  ])('a file with %s', async (_, content, named) => {
    const { code, noted } = await run('place', '--file', await file(content));
    expect(code).toBe(2);
    expect(noted).toEqual([expect.stringContaining(named)]);
  });
});

test.each([
  ['what is no object', '[]', 'must hold an object'],
  ['nothing to change', '{}', 'the action must say what is to change'],
  ['a field too many', '{"card":"card_ok","lines":[{"isbn":"9780134685991","quantity":1}]}', 'card is not a field'],
  ['no address but a name', '{"shipTo":{"name":"Ada"}}', 'shipTo.street must be'],
  ['no line', '{"lines":[]}', 'lines must be a list of 1 to 100 titles'],
])('an amendment from a file with %s is refused by its fields', async (_, content, named) => {
  const { code, printed, noted } = await run('amend', 'ord-1', '--file', await file(content));
  expect({ code, printed }).toEqual({ code: 2, printed: [] });
  expect(noted).toEqual([expect.stringContaining(named)]);
});

test('the environment says who the operator is', async () => {
  const { code, noted } = await runCommandLine({ ...nowhere, ORDER_ACTOR: 'Kim\nEve' }, 'retry', 'ord-1');
  expect({ code, noted }).toEqual({ code: 2, noted: [expect.stringContaining('--actor must be')] });
});

test('help that was asked for is printed, and is no error', async () => {
  const { code, printed, noted } = await run('place', '--help');
  expect({ code, noted }).toEqual({ code: 0, noted: [] });
  expect(printed.join('\n')).toContain('--request-id');
});

test.each([
  ['retry', /--actor <name> +the operator who acts; required, here or as\s+ORDER_ACTOR/],
  ['approve', /--actor <name> +the operator who acts; required, here or as\s+ORDER_ACTOR/],
  ['skip', /--actor <name> +the operator who acts; required, here or as\s+ORDER_ACTOR/],
  ['cancel', /--actor <name> +the operator who acts; ORDER_ACTOR when left out, and\s+the customer without either/],
  ['place', /--request-id <id> +8 to 64 letters, digits/],
])('the help of %s says what it requires', async (command, words) => {
  expect((await run(command, '--help')).printed.join('\n')).toMatch(words);
});

test.each([
  ['of no JSON', 'deadline: 7 days', 'is not JSON'],
  ['with a hold that there is not', '{"holds":{"weather":{}}}', 'holds has no "weather", only approval'],
])('an order policy %s is bad input', async (_, content, named) => {
  const { code, printed, noted } = await runCommandLine(
    { ...nowhere, ORDER_POLICY_FILE: await file(content) },
    ...good,
  );
  expect({ code, printed }).toEqual({ code: 2, printed: [] });
  expect(noted).toEqual([expect.stringContaining(named)]);
});
