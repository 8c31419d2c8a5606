import type { Tally } from './tally.ts';

const width = 24;
const everyMs = 200;

/**
 * Draws how far the sending is, at most five times a second. Without a size (stdin) there is no bar, only counts.
 */
export function progressBar(draw: (line: string) => void, size: number | undefined): (tally: Tally) => void {
  const begun = performance.now();
  let drawn = 0;
  return (tally) => {
    const now = performance.now();
    if (now - drawn < everyMs && tally.read !== size) return;
    drawn = now;
    draw(`${barOf(tally.read, size)}${countsOf(tally, (now - begun) / 1000)}`);
  };
}

function barOf(read: number, size: number | undefined): string {
  if (!size) return '';
  const part = Math.min(1, read / size);
  const full = Math.round(part * width);
  return `${'█'.repeat(full)}${'░'.repeat(width - full)} ${String(Math.floor(part * 100)).padStart(3)} %  `;
}

function countsOf({ sent, acknowledged, refused, before }: Tally, seconds: number): string {
  const rate = Math.round(sent / Math.max(seconds, 0.001));
  const words = [`${acknowledged} acknowledged`, `${refused} refused`, `${rate}/s`];
  return [...words, ...(before > 0 ? [`${before} before`] : [])].join(', ');
}
