import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOf } from '../launch/command-line.ts';

/** A process, told from a later one with the same number by when it was started. */
export interface KnownProcess {
  readonly name: string;
  readonly pid: number;
  readonly startedAt: string;
}

/** Who runs the system in a folder, and with which processes. Kept on disk, so that it can be known after a crash. */
export interface Holder {
  readonly supervisor: KnownProcess;
  readonly parts: readonly KnownProcess[];
}

const fileIn = (folder: string) => join(folder, 'supervisor.json');

/** This process, or another by its number; undefined when there is none. */
export function known(name: string, pid: number): KnownProcess | undefined {
  const startedAt = startOf(pid);
  return startedAt === null ? undefined : { name, pid, startedAt };
}

/** Whether it is still that very process. */
export const isAlive = ({ pid, startedAt }: KnownProcess): boolean => startOf(pid) === startedAt;

/** Who has or had the folder; null when nobody did. */
export function readHolder(folder: string): Holder | null {
  if (!existsSync(fileIn(folder))) return null;
  const text = readFileSync(fileIn(folder), 'utf8');
  // A crash right after the file was made leaves it empty: whoever it was is gone, or will be known in a moment.
  return text === '' ? null : (JSON.parse(text) as Holder);
}

/** Takes the folder for this process. False when another has it, or took it at the same moment. */
export function takeFolder(folder: string): boolean {
  mkdirSync(folder, { recursive: true });
  try {
    closeSync(openSync(fileIn(folder), 'wx'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  writeHolder(folder, []);
  return true;
}

/** Keeps on disk which processes are running. */
export function writeHolder(folder: string, parts: readonly { readonly name: string; readonly pid: number }[]): void {
  const supervisor = known('supervisor', process.pid);
  const alive = parts.flatMap(({ name, pid }) => known(name, pid) ?? []);
  replaceFile(fileIn(folder), JSON.stringify({ supervisor, parts: alive }));
}

/** Gives the folder back. */
export const leaveFolder = (folder: string): void => rmSync(fileIn(folder), { force: true });

/** Nobody reads half of it. */
export function replaceFile(path: string, content: string): void {
  writeFileSync(`${path}.new`, `${content}\n`);
  renameSync(`${path}.new`, path);
}
