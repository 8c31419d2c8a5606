import type { Context } from '../context.ts';
import type { EventResult, Tally } from './tally.ts';

const mostTold = 10;

/** Shows a run to its user: the first events that were not taken, each in a line, and a bar at a terminal. */
export function showProgress({ note, status }: Pick<Context, 'note' | 'status'>, size: number | undefined) {
  let missed = 0;
  return {
    onProgress: status ? progressBar(status, size) : () => undefined,
    onResult(result: EventResult): void {
      if (result.state === 'acknowledged') return;
      missed += 1;
      if (missed > mostTold) return;
      const which = result.id === undefined ? '' : ` (${result.id})`;
      note(`Line ${result.line}${which} ${result.reason}.`);
    },
    end(): void {
      status?.('');
      if (missed > mostTold) note(`${missed - mostTold} more were not taken; --report FILE lists them all.`);
    },
  };
}

const barWidth = 24;
const drawEveryMs = 200;

/** Draws at most five times a second. Without a size (stdin) there is no bar, only counts. */
function progressBar(draw: (line: string) => void, size: number | undefined): (tally: Tally) => void {
  const begun = performance.now();
  let drawn = 0;
  return (tally) => {
    const now = performance.now();
    if (now - drawn < drawEveryMs && tally.read !== size) return;
    drawn = now;
    draw(`${barOf(tally.read, size)}${countsOf(tally, (now - begun) / 1000)}`);
  };
}

function barOf(read: number, size: number | undefined): string {
  if (!size) return '';
  const part = Math.min(1, read / size);
  const full = Math.round(part * barWidth);
  return `${'█'.repeat(full)}${'░'.repeat(barWidth - full)} ${String(Math.floor(part * 100)).padStart(3)} %  `;
}

function countsOf({ sent, acknowledged, refused, before }: Tally, elapsedSeconds: number): string {
  const rate = Math.round(sent / Math.max(elapsedSeconds, 0.001));
  const words = [`${acknowledged} acknowledged`, `${refused} refused`, `${rate}/s`];
  return [...words, ...(before > 0 ? [`${before} before`] : [])].join(', ');
}
