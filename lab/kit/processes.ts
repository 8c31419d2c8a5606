import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process whose costs are counted, together with its children. Processes of one name are counted as one. */
export interface CountedProcess {
  readonly name: string;
  readonly pid: number;
}

/** The CPU that processes have used since they started, in milliseconds, by name. */
export type CpuByName = Readonly<Record<string, number>>;

/** Linux counts in steps of 10 ms, `ps` of macOS likewise: read it around work that takes seconds. */
export function cpuOf(processes: readonly CountedProcess[]): CpuByName {
  return summed(processes, ({ cpuMs }) => cpuMs);
}

/** The resident memory now, in MiB, by name. Memory that PostgreSQL's processes share is counted in each of them. */
export function memoryOf(processes: readonly CountedProcess[]): Readonly<Record<string, number>> {
  return summed(processes, ({ residentBytes }) => residentBytes / 2 ** 20);
}

/** The milliseconds of CPU between two readings, by name. */
export const cpuBetween = (before: CpuByName, after: CpuByName): CpuByName =>
  Object.fromEntries(Object.entries(after).map(([name, cpuMs]) => [name, cpuMs - (before[name] ?? 0)]));

/** The sum over all names. */
export const totalOf = (byName: Readonly<Record<string, number>>): number =>
  Object.values(byName).reduce((total, value) => total + value, 0);

interface Running {
  readonly pid: number;
  readonly parent: number;
  /** With the children that have ended, where the system tells it. */
  readonly cpuMs: number;
  readonly residentBytes: number;
}

function summed(processes: readonly CountedProcess[], valueOf: (one: Running) => number): Record<string, number> {
  const all = process.platform === 'linux' ? fromProc() : fromPs();
  const sums: Record<string, number> = {};
  for (const { name, pid } of processes)
    sums[name] = (sums[name] ?? 0) + family(pid, all).reduce((sum, one) => sum + valueOf(one), 0);
  return sums;
}

/** A process and all that it has started. */
function family(pid: number, all: readonly Running[]): readonly Running[] {
  const own = all.filter((one) => one.pid === pid);
  return [...own, ...all.filter(({ parent }) => parent === pid).flatMap((child) => family(child.pid, all))];
}

/** A tick in milliseconds, and a page of memory in bytes, as this system has them. */
const units = (): Units => (known ??= { tickMs: 1_000 / configured('CLK_TCK'), pageBytes: configured('PAGESIZE') });

const configured = (name: string): number => Number(execFileSync('getconf', [name], { encoding: 'utf8' }));

interface Units {
  readonly tickMs: number;
  readonly pageBytes: number;
}

let known: Units | undefined;

const fromProc = (): readonly Running[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? []);

/** The fields are counted behind the name, which may hold spaces and brackets. Null when the process has just ended. */
function statOf(pid: number): Running | null {
  const stat = procFile(pid);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  const { tickMs, pageBytes } = units();
  const ticks = field(14) + field(15) + field(16) + field(17);
  return { pid, parent: field(4), cpuMs: ticks * tickMs, residentBytes: field(24) * pageBytes };
}

function procFile(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
}

function fromPs(): readonly Running[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,cputime='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [pid, parent, kilobytes, time = ''] = line.trim().split(/\s+/);
    return {
      pid: Number(pid),
      parent: Number(parent),
      cpuMs: millisecondsIn(time),
      residentBytes: Number(kilobytes) * 1_024,
    };
  });
}

/** Of `1-02:03:04.56`, where days and hours may be missing. */
function millisecondsIn(time: string): number {
  const [clock = '', days = '0'] = time.split('-').toReversed();
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return (Number(days) * 86_400 + seconds) * 1_000;
}
