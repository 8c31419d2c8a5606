import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RunningProcess } from '../../../stack/launch/process.ts';
import { supervise } from '../../../stack/system/supervise.ts';
import { until } from '../../support/until.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keep-up-'));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

interface Fake extends RunningProcess {
  die(code: number | null): void;
}

/** A part whose processes end when the test says so; `immediately` makes every one die at once. */
function fakePart(immediately = false) {
  const logFile = join(folder, 'part.log');
  appendFileSync(logFile, 'why it died\n');
  const started: Fake[] = [];
  const launch = () => {
    let die!: Fake['die'];
    const exited = new Promise<number | null>((resolve) => (die = resolve));
    const end = () => Promise.resolve(die(0));
    const one: Fake = { pid: started.length + 1, logFile, exited, stop: end, kill: end, die };
    started.push(one);
    if (immediately && started.length > 1) die(1);
    return Promise.resolve(one);
  };
  const lines: string[] = [];
  const failures: Error[] = [];
  const watcher = {
    log: (line: string) => void lines.push(line),
    changed: () => undefined,
    gaveUp: (error: Error) => void failures.push(error),
  };
  return { spec: { name: 'part', port: null, launch }, watcher, started, lines, failures };
}

test('a part that dies is started again, with lines that say so', async () => {
  const { spec, watcher, started, lines } = fakePart();
  const kept = await supervise(spec, watcher);
  started[0]?.die(null);
  await until(() => kept.pid() === 2);
  expect(lines).toEqual(['part: process 1 was killed; it is started again', 'part: up again (process 2)']);
  await kept.stop();
});

test('a part that keeps dying is given up, with the tail of its log', async () => {
  const { spec, watcher, started, failures } = fakePart(true);
  const kept = await supervise(spec, watcher);
  started[0]?.die(1);
  await until(() => failures.length > 0);
  expect(started).toHaveLength(5);
  expect(failures[0]?.message).toMatch(/part keeps dying[^]*why it died/);
  await kept.stop();
});

test('a part that does not become ready is given up, however long each try takes', async () => {
  vi.useFakeTimers();
  const { spec, watcher, started, lines, failures } = fakePart();
  let tries = 0;
  const never = async () => {
    tries += 1;
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    throw new Error('part was not ready within 60 s.');
  };
  const kept = await supervise({ ...spec, launch: () => (started.length === 0 ? spec.launch() : never()) }, watcher);
  started[0]?.die(1);
  await vi.advanceTimersByTimeAsync(20 * 60_000);
  expect(tries).toBe(4);
  expect(lines).toContain('part was not ready within 60 s.');
  expect(failures[0]?.message).toMatch(/part keeps dying or does not become ready[^]*why it died/);
  await kept.stop();
});

test('a part that stays up for half a minute each time is started again for ever', async () => {
  vi.useFakeTimers();
  const { spec, watcher, started, failures } = fakePart();
  const kept = await supervise(spec, watcher);
  for (let death = 1; death <= 8; death += 1) {
    await vi.advanceTimersByTimeAsync(30_000);
    started.at(-1)?.die(1);
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(failures).toEqual([]);
  expect(started).toHaveLength(9);
  await kept.stop();
});

test('a part that is stopped is not started again', async () => {
  const { spec, watcher, started, lines } = fakePart();
  const kept = await supervise(spec, watcher);
  await kept.stop();
  expect(started).toHaveLength(1);
  expect(lines).toEqual([]);
});
