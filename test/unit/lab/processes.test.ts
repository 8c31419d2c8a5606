import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { goalTable } from '../../../lab/kit/goal-rows.ts';
import { cpuBetween, cpuOf, memoryOf, totalOf } from '../../../lab/kit/processes.ts';

const own = [{ name: 'own', pid: process.pid }];

/** Uses so much CPU of this process, however long a busy machine takes for it. */
function burn(milliseconds: number): void {
  const begun = process.cpuUsage();
  while (process.cpuUsage(begun).user < milliseconds * 1_000);
}

const verdicts = (row: { readonly atLeast?: number; readonly atMost?: number }) =>
  goalTable('', [{ what: '', unit: 'ms', values: [1, 2, 9], ...row }]).rows.map((cells) => cells.at(-1));

/** A busy machine gives little of a core. */
const timeout = 60_000;

describe('the costs of processes', { timeout }, () => {
  it('hold the CPU that a process has used between two readings', () => {
    const before = cpuOf(own);
    burn(200);
    expect(totalOf(cpuBetween(before, cpuOf(own)))).toBeGreaterThanOrEqual(180);
  });

  it.runIf(process.platform === 'linux')('hold the CPU of children, of those that have ended too', () => {
    const before = cpuOf(own);
    spawnSync(process.execPath, ['-e', 'while (process.cpuUsage().user < 300000);']);
    expect(totalOf(cpuBetween(before, cpuOf(own)))).toBeGreaterThanOrEqual(280);
  });

  it('are summed by name, and those of a process that is gone are none', () => {
    const memory = memoryOf([...own, ...own, { name: 'gone', pid: 2 ** 22 + 1 }]);
    expect(memory['gone']).toBe(0);
    expect(memory['own']).toBeGreaterThan(2 * 20);
  });
});

describe('a table of goals', () => {
  it('says of the median if a goal is met', () => {
    expect(verdicts({ atLeast: 2 })).toEqual(['met']);
    expect(verdicts({ atLeast: 3 })).toEqual(['missed']);
    expect(verdicts({ atMost: 2 })).toEqual(['met']);
    expect(verdicts({ atMost: 1 })).toEqual(['missed']);
    expect(verdicts({})).toEqual(['']);
  });
});
