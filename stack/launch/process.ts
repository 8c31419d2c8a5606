import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkout } from '../binaries.mjs';
import { release, watchOver } from './guard.ts';
import type { UserCommand } from './postgres-user.ts';

/** A command to run, and the sign that it is ready. */
export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The user to run as, when not this one. */
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly logFile: string;
  /**
   * Asked again and again until it answers true. `says-so`: the process itself reports it by `process.send('ready')`.
   */
  readonly isReady: (() => Promise<boolean>) | 'says-so';
  /** Milliseconds until it must be ready. */
  readonly readyWithin?: number;
  /** The signal that asks it to end; SIGTERM by default. */
  readonly stopSignal?: 'SIGTERM' | 'SIGINT';
  /** Milliseconds until a process that was asked to end is ended by force. */
  readonly stopWithin?: number;
}

/** One of this project's own entry files, run by Node with the TypeScript loader. */
export const byNode = (entry: string, ...args: readonly string[]) => ({
  command: process.execPath,
  args: ['--import', 'tsx', join(checkout, entry), ...args],
  cwd: checkout,
});

/** A process that is ready for work. */
export interface RunningProcess {
  readonly pid: number;
  /** The file that gets its output. */
  readonly logFile: string;
  /** Resolves when the process has ended, with its exit code, or null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Ends it in order, by force when it takes too long. Safe to call again. */
  stop(): Promise<void>;
  /** Ends it by SIGKILL, as a crash would. The same folder and ports may be used again afterwards. */
  kill(): Promise<void>;
}

/**
 * Starts a process and waits until it is ready. Fails with the tail of its log when it ends first or takes too long.
 */
export async function launchProcess(spec: ProcessSpec): Promise<RunningProcess> {
  const child = start(spec);
  const running = control(child, spec);
  try {
    await readiness(spec, child, running);
  } catch (error) {
    await running.kill();
    throw error;
  }
  return running;
}

function start(spec: ProcessSpec): ChildProcess {
  mkdirSync(dirname(spec.logFile), { recursive: true });
  keepShort(spec.logFile);
  const log = openSync(spec.logFile, 'a');
  try {
    return spawn(spec.command, [...spec.args], {
      cwd: spec.cwd,
      env: spec.env,
      ...spec.user,
      stdio: ['ignore', log, log, ...(spec.isReady === 'says-so' ? (['ipc'] as const) : [])],
      // In a session of its own: Ctrl-C at the terminal reaches only the process that stops the others in order.
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

/** A log of more than 8 MB is put aside, replacing the one put aside before. */
function keepShort(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > 8_000_000) renameSync(logFile, `${logFile}.1`);
}

function control(child: ChildProcess, spec: ProcessSpec): RunningProcess {
  const { stopSignal = 'SIGTERM', stopWithin = 15_000 } = spec;
  const pid = child.pid ?? 0;
  if (pid) watchOver(pid, stopSignal);
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', () => resolve(null));
  });
  void exited.then(() => pid && release(pid, stopSignal));
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
  };
  const stop = async () => {
    const timer = setTimeout(() => child.kill('SIGKILL'), stopWithin);
    await end(stopSignal).finally(() => clearTimeout(timer));
  };
  return { pid, logFile: spec.logFile, exited, stop, kill: () => end('SIGKILL') };
}

async function readiness(spec: ProcessSpec, child: ChildProcess, { exited, logFile }: RunningProcess): Promise<void> {
  const { name, readyWithin = 30_000 } = spec;
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (error) => reject(new Error(`${name} could not be started: ${error.message}`)));
    void exited.then(() => reject(new Error(`${name} ended before it was ready.\n${tailOf(logFile)}`)));
  });
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    const message = () => `${name} was not ready within ${readyWithin / 1000} seconds.\n${tailOf(logFile)}`;
    late = setTimeout(() => reject(new Error(message())), readyWithin);
  });
  const over = { yet: false };
  try {
    const ready = spec.isReady === 'says-so' ? saysSo(child) : comesTrue(spec.isReady, over);
    await Promise.race([ready, failed, tooLate]);
  } finally {
    over.yet = true;
    clearTimeout(late);
  }
}

const saysSo = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.on('message', (message) => {
      if (message === 'ready') resolve();
    });
  });

async function comesTrue(condition: () => Promise<boolean>, over: { readonly yet: boolean }): Promise<void> {
  while (!over.yet && !(await condition())) await new Promise((resolve) => setTimeout(resolve, 25));
}

/** A server that runs in a process of its own, on loopback, with its state in a folder of its own. */
export interface Launched extends RunningProcess {
  readonly name: string;
  /** The ports it listens on, by what they are for. */
  readonly ports: Readonly<Record<string, number>>;
  /** The address for its clients. */
  readonly url: string;
}

/** The last lines of a log, for a message about why its process failed. */
export function tailOf(logFile: string, lines = 15): string {
  if (!existsSync(logFile)) return `Its log ${logFile} is gone.`;
  const text = readFileSync(logFile, 'utf8').trimEnd();
  const tail = text.split('\n').slice(-lines).join('\n');
  return `Last lines of ${logFile}:\n${tail}`;
}

/** Runs a command to its end. Fails with what it printed when it does not end well. */
export function runToEnd(name: string, { command, args, user }: UserCommand, cwd: string): Promise<void> {
  const child = spawn(command, [...args], { cwd, ...user, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed: string[] = [];
  const keep = (chunk: Buffer) => printed.push(chunk.toString());
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${name} could not be started: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${name} failed (${signal ?? code}).\n${printed.join('').trimEnd()}`));
    });
  });
}
