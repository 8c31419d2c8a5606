import type { Context } from '../context.ts';
import { progressBar } from './progress-bar.ts';
import type { Settled, Tally } from './tally.ts';

const mostTold = 10;

/** What the user sees while a file is sent: the first events that were not taken, each in a line, and the bar at a terminal. */
export function tellOf({ note, status }: Pick<Context, 'note' | 'status'>, size: number | undefined) {
  let untold = 0;
  let told = 0;
  return {
    progress: status ? progressBar(status, size) : () => undefined,
    settled(settled: Settled): void {
      if (settled.state === 'acknowledged') return;
      if (told >= mostTold) untold += 1;
      else {
        told += 1;
        const which = settled.id === undefined ? '' : ` (${settled.id})`;
        note(`Line ${settled.line}${which} ${settled.reason}.`);
      }
    },
    end(): void {
      status?.('');
      if (untold > 0) note(`${untold} more were not taken; --report FILE lists them all.`);
    },
  };
}

/** Why not everything was taken, as one sentence; undefined when it was. */
export function shortfall(tally: Tally, isInterrupted: boolean, report: string | undefined): string | undefined {
  const rest = `to send the rest, run it again with ${report === undefined ? '--report FILE, now and then' : `--report ${report}`}`;
  if (tally.stoppedAtLine !== undefined) return `Sending stopped at line ${tally.stoppedAtLine}: ${rest}.`;
  if (isInterrupted) return `Sending was interrupted: ${rest}.`;
  const missing = tally.sent - tally.acknowledged;
  return missing === 0 ? undefined : `${missing} of ${tally.sent} ${missing === 1 ? 'was' : 'were'} not taken.`;
}
