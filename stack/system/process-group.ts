import { join } from 'node:path';
import { releaseFolder, replaceFile, writeLock } from './lock-file.ts';
import { supervise, type SupervisedProcess, type Watcher, type ProcessPlan } from './supervise.ts';

/** One line of `processes.json`. */
export interface ProcessEntry {
  readonly name: string;
  readonly pid: number;
  readonly port: number | null;
}

export type ProcessGroup = ReturnType<typeof openProcessGroup>;

/** All parts of a system that run, and the list of their processes on disk. */
export function openProcessGroup(folder: string, log: (line: string) => void) {
  const groups: SupervisedProcess[][] = [];
  let fail: (error: Error) => void;
  const failed = new Promise<Error>((resolve) => (fail = resolve));
  const processes = () => groups.flat().map(({ name, pid, port }): ProcessEntry => ({ name, pid: pid(), port }));
  const record = () => {
    writeLock(folder, processes());
    replaceFile(join(folder, 'processes.json'), JSON.stringify(processes(), null, 2));
  };
  const watcher: Watcher = { log, changed: record, gaveUp: (error) => fail(error) };
  const startOne = async (spec: ProcessPlan, group: SupervisedProcess[]) => {
    const began = Date.now();
    group.push(await supervise(spec, watcher));
    record();
    log(`${spec.name}: up (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  };
  /** Starts a group side by side. Fails when one of them cannot start; the others run then, until `stop`. */
  const start = (specs: readonly ProcessPlan[]) => {
    const group: SupervisedProcess[] = [];
    groups.push(group);
    return allOf(specs.map((spec) => startOne(spec, group)));
  };
  const end = async () => {
    for (let group = groups.at(-1); group; group = groups.at(-1)) {
      await Promise.all(group.map((part) => part.stop()));
      groups.pop();
      record();
    }
    releaseFolder(folder);
  };
  let ending: Promise<void> | undefined;
  return {
    start,
    processes,
    /** Resolves when a part does not stay up. */
    failed,
    /** Ends the groups, the last one first, and gives the folder back. Safe to call again. */
    stop: () => (ending ??= end()),
  };
}

/** Waits for all of them, and then fails with the first failure. */
export async function allOf(work: readonly Promise<unknown>[]): Promise<void> {
  const failure = (await Promise.allSettled(work)).find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
}
