import { readFileSync } from 'node:fs';

/** Ticks of Linux's clock for processes are a hundredth of a second. */
const millisecondsPerTick = 10;

/** The CPU time of a process so far, in milliseconds; 0 on a system without `/proc`. */
export function cpuOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * millisecondsPerTick;
  } catch {
    return 0;
  }
}
