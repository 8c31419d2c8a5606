import { tailOf } from '../launch/log-tail.ts';
import type { PartSpec, RunningProcess } from './part.ts';

/** A part that is watched over. */
export interface KeptPart {
  readonly name: string;
  readonly port: number | null;
  /** The process that runs now; while it is started again, the one that died. */
  pid(): number;
  /** Ends it, and the watching. */
  stop(): Promise<void>;
}

/** Whom the watching tells what. */
export interface Watcher {
  log(line: string): void;
  /** Another process runs now. */
  changed(): void;
  /** The part keeps dying, and is not started again. */
  gaveUp(error: Error): void;
}

const tooOften = { deaths: 5, withinMs: 30_000 };

/** Starts a part and starts it again whenever it dies, until it is stopped or dies too often. */
export async function keepUp(part: PartSpec, watcher: Watcher): Promise<KeptPart> {
  const state: State = { current: await part.launch(), stopping: false, deaths: [] };
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
  stopping: boolean;
  deaths: number[];
}

async function watch(part: PartSpec, watcher: Watcher, state: State): Promise<void> {
  for (;;) {
    const code = await state.current.exited;
    if (state.stopping) return;
    const how = code === null ? 'was killed' : `ended (exit code ${code})`;
    watcher.log(`${part.name}: process ${state.current.pid} ${how}; it is started again`);
    if (!(await startAgain(part, watcher, state))) return;
  }
}

/** False when it is over: stopped, or died too often. */
async function startAgain(part: PartSpec, watcher: Watcher, state: State): Promise<boolean> {
  for (;;) {
    if (diedTooOften(state)) {
      watcher.gaveUp(new Error(`${part.name} keeps dying.\n${tailOf(state.current.logFile)}`));
      return false;
    }
    try {
      state.current = await part.launch();
      break;
    } catch (error) {
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

function diedTooOften(state: State): boolean {
  const now = Date.now();
  state.deaths = [...state.deaths.filter((at) => now - at < tooOften.withinMs), now];
  return state.deaths.length >= tooOften.deaths;
}
