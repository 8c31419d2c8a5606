import { tailOf, type RunningProcess } from '../launch/process.ts';

/** A process that is started again when it dies. */
export interface SupervisedProcess {
  readonly name: string;
  readonly port: number | null;
  /** The process that runs now; while it is started again, the one that died. */
  pid(): number;
  /** Ends the process and its supervision. */
  stop(): Promise<void>;
}

/** Hears of restarts and of failures of a process. */
export interface Watcher {
  log(line: string): void;
  /** Another process runs now. */
  changed(): void;
  /** The part does not stay up, and is not started again. */
  gaveUp(error: Error): void;
}

/** A part is given up after so many failures in a row to become ready, or to stay up so long. */
const patience = { failures: 5, stayUpMs: 30_000 };

/** Starts a part and starts it again whenever it dies, until it is stopped or fails too often in a row. */
export async function supervise(part: ProcessPlan, watcher: Watcher): Promise<SupervisedProcess> {
  const current = await part.launch();
  const state: State = { current, upSince: performance.now(), stopping: false, failures: 0 };
  const watching = watch(part, watcher, state);
  return {
    name: part.name,
    port: part.port,
    pid: () => state.current.pid,
    async stop() {
      state.stopping = true;
      await state.current.stop();
      await watching;
    },
  };
}

interface State {
  current: RunningProcess;
  /** On the clock of `performance.now`. */
  upSince: number;
  stopping: boolean;
  /** Failures in a row to become ready or to stay up. */
  failures: number;
}

async function watch(part: ProcessPlan, watcher: Watcher, state: State): Promise<void> {
  for (;;) {
    const code = await state.current.exited;
    if (state.stopping) return;
    const stayedUp = performance.now() - state.upSince >= patience.stayUpMs;
    state.failures = stayedUp ? 0 : state.failures + 1;
    const how = code === null ? 'was killed' : `ended (exit code ${code})`;
    watcher.log(`${part.name}: process ${state.current.pid} ${how}; it is started again`);
    if (!(await startAgain(part, watcher, state))) return;
  }
}

/** False when supervision is over: the part was stopped, or failed too often. */
async function startAgain(part: ProcessPlan, watcher: Watcher, state: State): Promise<boolean> {
  for (;;) {
    if (state.failures >= patience.failures) {
      watcher.gaveUp(new Error(`${part.name} keeps dying or does not become ready.\n${tailOf(state.current.logFile)}`));
      return false;
    }
    try {
      state.current = await part.launch();
      state.upSince = performance.now();
      break;
    } catch (error) {
      state.failures += 1;
      if (!state.stopping) watcher.log((error as Error).message);
    }
    if (state.stopping) return false;
  }
  if (state.stopping) {
    await state.current.stop();
    return false;
  }
  watcher.log(`${part.name}: up again (process ${state.current.pid})`);
  watcher.changed();
  return true;
}

/** One process of the system, with the function that starts it, the first time and again. */
export interface ProcessPlan {
  readonly name: string;
  /** The port it listens on; null for workers. */
  readonly port: number | null;
  launch(): Promise<RunningProcess>;
}
