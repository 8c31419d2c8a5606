import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { checkout } from '../../../stack/binaries.mjs';

const run = promisify(execFile);

test('the story of the topologies ends by itself: one order that nobody is told of, and one that is held', async () => {
  const args = ['--import', 'tsx', 'demo/main.ts', 'topologies'];
  const { stdout } = await run(process.execPath, args, { cwd: checkout, timeout: 280_000 });
  const [without = '', withOne = ''] = stdout.split('\nmediator: ');
  expect(without).toContain('fact  inventory-updated');
  expect(without).toContain('Told of it: nobody');
  expect(without).toContain('7 questions');
  expect(without).toContain('fact  email-sent shipped');
  expect(without).not.toContain('order-held');
  expect(withOne).toContain('fact  order-held');
  expect(withOne).toContain('fact  email-sent held');
  expect(withOne).toContain('one question');
  expect(withOne).toContain('fact  email-sent shipped');
  expect(withOne).toContain('Both went as they should.');
}, 300_000);
