import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * The command line of a process, or null when there is no such process (one that has ended but was not collected has
 * none).
 */
export function commandLineOf(pid: number): string | null {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  const text = process.platform === 'linux' ? fromProc(pid) : fromPs(pid, 'args=');
  return text === '' ? null : text;
}

/**
 * The instant at which a process was started, which tells it from a later one with its number. Null when there is no
 * such process.
 */
export function startOf(pid: number): string | null {
  if (commandLineOf(pid) === null) return null;
  if (process.platform !== 'linux') return fromPs(pid, 'lstart=') || null;
  // Field 22, counted behind the name, which may hold spaces and brackets.
  const stat = readProc(pid, 'stat');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

const fromProc = (pid: number): string => readProc(pid, 'cmdline').replaceAll('\0', ' ').trim();

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function fromPs(pid: number, field: string): string {
  try {
    return execFileSync('ps', ['-o', field, '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
