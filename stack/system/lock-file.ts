import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOf } from '../launch/command-line.ts';

/** A process, told from a later one with the same number by its start. */
export interface KnownProcess {
  readonly name: string;
  readonly pid: number;
  readonly startedAt: string;
}

/**
 * The supervisor that runs the system in a folder, and its processes. They are kept on disk, so that they are known
 * after a crash.
 */
export interface Lock {
  readonly supervisor: KnownProcess;
  readonly parts: readonly KnownProcess[];
}

const fileIn = (folder: string) => join(folder, 'supervisor.json');

/** This process, or another by its number; undefined when there is none. */
export function known(name: string, pid: number): KnownProcess | undefined {
  const startedAt = startOf(pid);
  return startedAt === null ? undefined : { name, pid, startedAt };
}

/** True while the same process runs. */
export const isAlive = ({ pid, startedAt }: KnownProcess): boolean => startOf(pid) === startedAt;

/** The lock of the folder, also one that a crash left; null when there is none. */
export function readLock(folder: string): Lock | null {
  if (!existsSync(fileIn(folder))) return null;
  const text = readFileSync(fileIn(folder), 'utf8');
  // A crash right after the file was made leaves it empty: its process is gone, or will be known in a moment.
  return text === '' ? null : (JSON.parse(text) as Lock);
}

/** Claims the folder for this process. False when another process has it, or claimed it at the same moment. */
function createLock(folder: string): boolean {
  mkdirSync(folder, { recursive: true });
  try {
    closeSync(openSync(fileIn(folder), 'wx'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  writeLock(folder, []);
  return true;
}

/** Keeps on disk which processes are running. */
export function writeLock(folder: string, parts: readonly { readonly name: string; readonly pid: number }[]): void {
  const supervisor = known('supervisor', process.pid);
  const alive = parts.flatMap(({ name, pid }) => known(name, pid) ?? []);
  replaceFile(fileIn(folder), JSON.stringify({ supervisor, parts: alive }));
}

/** Gives the folder back. */
export const releaseFolder = (folder: string): void => rmSync(fileIn(folder), { force: true });

/** Replaces a file at once, so that no reader sees half of it. */
export function replaceFile(path: string, content: string): void {
  writeFileSync(`${path}.new`, `${content}\n`);
  renameSync(`${path}.new`, path);
}

/**
 * Claims the folder for this process. Refused while another process runs the system there. When that process was
 * killed, the processes it left running are ended first: they are known by number and start, so that no other process
 * is touched.
 */
export async function acquireFolder(folder: string, log: (line: string) => void): Promise<void> {
  if (createLock(folder)) return;
  const holder = readLock(folder);
  if (holder && isAlive(holder.supervisor)) {
    throw new Error(
      `The system is already running from this checkout (process ${holder.supervisor.pid}): stop it there with Ctrl-C, or work with it.`,
    );
  }
  await Promise.all((holder?.parts ?? []).map((part) => endOrphan(part, log)));
  releaseFolder(folder);
  if (!createLock(folder)) throw new Error('The system is being started from this checkout by another process.');
}

async function endOrphan(part: KnownProcess, log: (line: string) => void): Promise<void> {
  if (!isAlive(part)) return;
  log(`${part.name} (process ${part.pid}) was left running by a system that was killed; it is ended`);
  // PostgreSQL would wait for its clients at SIGTERM.
  signal(part, part.name === 'postgres' ? 'SIGINT' : 'SIGTERM');
  if (!(await isGone(part, 10_000))) signal(part, 'SIGKILL');
  if (!(await isGone(part, 5_000)))
    throw new Error(`${part.name} (process ${part.pid}) could not be ended; end it first.`);
}

function signal({ pid }: KnownProcess, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function isGone(part: KnownProcess, within: number): Promise<boolean> {
  const deadline = Date.now() + within;
  while (isAlive(part)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}
