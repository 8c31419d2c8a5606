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
    ['no command', [], 'place, watch, show'],
    ['a quantity of nothing', [...good, '--line', '9780132350884:0'], 'lines[1].quantity'],
    ['a title twice', [...good, '--line', '9780134685991:1'], 'lines[1].isbn'],
    ['an unknown currency', [...good, '--currency', 'XXX'], 'currency'],
    ['an unknown country', [...good, '--country', 'XX'], 'shipTo.country'],
    ['a malformed request id', [...good, '--request-id', 'a b'], 'requestId'],
    ['a name over two lines', [...good, '--name', 'a\r\nBcc: b'], 'shipTo.name'],
    ['no card', good.slice(0, -2), 'card'],
    ['a file that is not there', ['place', '--file', '/no/such/order.json'], '/no/such/order.json'],
    ['a file beside what it replaces', [...good, '--file', '/no/such/order.json'], '--file'],
    ['a deadline of nothing', [...good, '--deadline', '0'], '--deadline'],
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

test('help that was asked for is printed, and is no error', async () => {
  const { code, printed, noted } = await run('place', '--help');
  expect({ code, noted }).toEqual({ code: 0, noted: [] });
  expect(printed.join('\n')).toContain('--request-id');
});
