import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when it is one's turn. */
export type Turn = () => Promise<void>;

/** Turns in the order of asking, so many a second, whoever asks. */
export function takingTurns(perSecond: number): Turn {
  let nextAt = 0;
  return async () => {
    const turn = Math.max(nextAt, performance.now());
    nextAt = turn + 1000 / perSecond;
    await sleep(Math.max(0, turn - performance.now()));
  };
}
