import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { known, readLock, acquireFolder } from '../../../stack/system/lock-file.ts';
let folder: string;
let child: ChildProcess;
let exited: Promise<unknown>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orphans-'));
  child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  exited = new Promise((resolve) => child.once('exit', resolve));
});

afterEach(async () => {
  child.kill('SIGKILL');
  await exited;
  rmSync(folder, { recursive: true });
});

/** The file as a system leaves it that ran with this process as a part of it. */
function leaveBehind(part: { readonly pid: number; readonly startedAt: string }): void {
  const supervisor = { name: 'supervisor', pid: part.pid, startedAt: 'long ago' };
  writeFileSync(join(folder, 'supervisor.json'), JSON.stringify({ supervisor, parts: [{ name: 'relay', ...part }] }));
}

const part = () => {
  const found = known('relay', child.pid ?? 0);
  if (!found) throw new Error('The process that the test started is not there.');
  return found;
};

test('what a killed system left running is ended, and the folder is ours', async () => {
  leaveBehind(part());
  const lines: string[] = [];
  await acquireFolder(folder, (line) => lines.push(line));
  await exited;
  expect(child.signalCode).toBe('SIGTERM');
  expect(lines).toEqual([`relay (process ${child.pid}) was left running by a system that was killed; it is ended`]);
  expect(readLock(folder)?.supervisor.pid).toBe(process.pid);
});

test('another process that has the number by now is not touched', async () => {
  leaveBehind({ ...part(), startedAt: 'another time' });
  await acquireFolder(folder, () => undefined);
  expect(child.exitCode).toBeNull();
  expect(child.signalCode).toBeNull();
});

test('a folder whose system runs is not given away', async () => {
  await acquireFolder(folder, () => undefined);
  await expect(acquireFolder(folder, () => undefined)).rejects.toThrow('already running');
});
