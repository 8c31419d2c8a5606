import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const launcher = join(import.meta.dirname, '../../../client/start.mjs');

/** Runs the client as `npm run client` does, in a process of its own. */
const start = (...argv: readonly string[]) =>
  new Promise<{ readonly code: number | string; readonly stdout: string; readonly stderr: string }>((resolve) => {
    execFile(process.execPath, [launcher, ...argv], (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });

test('the client that was put together runs, also several at a time', { timeout: 30_000 }, async () => {
  const helped = await Promise.all([start('--help'), start('--help'), start('place', '--help')]);
  for (const { code, stderr } of helped) expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(helped[2]?.stdout).toContain('--request-id');
});

test('npm run --silent leaves standard output to the client', { timeout: 30_000 }, async () => {
  const stdout = await new Promise<string>((resolve, reject) => {
    const cwd = join(import.meta.dirname, '../../..');
    execFile('npm', ['run', '--silent', 'client', '--', '--help'], { cwd }, (error, text) =>
      error ? reject(error) : resolve(text),
    );
  });
  expect(stdout).toMatch(/^Usage:/);
});

test('what cannot be used ends the process with exit code 2 and one line', { timeout: 30_000 }, async () => {
  const { code, stdout, stderr } = await start('place', '--line', '9780134685991');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^--line "9780134685991" cannot be used[^\n]*\n$/);
});
