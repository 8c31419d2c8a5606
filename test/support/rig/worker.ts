import { join } from 'node:path';
import { inject } from 'vitest';
import { launchProcess, type RunningProcess, tailOf } from '../../../stack/launch/process.ts';

/** A process of workers that a test has started. */
export interface WorkerProcess extends Pick<RunningProcess, 'pid' | 'logFile' | 'exited' | 'stop' | 'kill'> {
  /** Fails when it ended by itself. */
  check(): void;
}

/** Runs `workers/main.ts` as it was built, in the folder `from`, with these names until it says that it is ready. */
export async function launchWorker(
  names: readonly string[],
  env: NodeJS.ProcessEnv,
  folder: string,
  from: string = inject('servers').build,
): Promise<WorkerProcess> {
  const running = await launchProcess({
    name: names.join(' '),
    command: process.execPath,
    args: [join(from, 'workers', 'main.js'), ...names],
    cwd: from,
    env,
    logFile: join(folder, `${names.join('+').replaceAll(':', '-')}.log`),
    isReady: 'says-so',
    readyWithin: 60_000,
  });
  let wanted = false;
  let endedByItself = false;
  void running.exited.then(() => (endedByItself = !wanted));
  const ending = (end: () => Promise<void>) => () => {
    wanted = true;
    return end();
  };
  return {
    ...running,
    stop: ending(running.stop),
    kill: ending(running.kill),
    check() {
      if (endedByItself) throw new Error(`${names.join(' ')} ended by itself.\n${tailOf(running.logFile)}`);
    },
  };
}
