import { readdirSync, readFileSync } from 'node:fs';

/** A process that runs, with the CPU it has used since it started, in milliseconds. */
interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly cpuMs: number;
}

/** The processes that this one has started itself, and that still run. Linux only: none elsewhere. */
export const childPids = (): readonly number[] =>
  running()
    .filter(({ parent }) => parent === process.pid)
    .map(({ pid }) => pid);

/** The CPU that these processes and all that they have started have used, in milliseconds. Linux only: 0 elsewhere. */
export function cpuOfFamilies(pids: readonly number[]): number {
  const all = running();
  const family = (of: number): number =>
    all
      .filter(({ pid, parent }) => pid === of || parent === of)
      .reduce((sum, { pid, cpuMs }) => sum + (pid === of ? cpuMs : family(pid)), 0);
  return pids.reduce((sum, pid) => sum + family(pid), 0);
}

/** Linux counts in ticks of 10 ms. */
const tickMs = 10;

function running(): readonly Running[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statOf(Number(name)) ?? []) : []));
}

/** Null when the process has just ended. The fields are counted behind its name, which may hold spaces and brackets. */
function statOf(pid: number): Running | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Own time, and that of children that have ended: user, system, of children user, of children system.
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { pid, parent: Number(fields[1]), cpuMs: ticks * tickMs };
  } catch {
    return null;
  }
}
