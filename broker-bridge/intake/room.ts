import { sleep } from '../waiting.ts';

/** How much room the mediators have, as the intake sees it. */
export interface RoomOptions {
  /** How many flows are under way that were started a moment ago: those that wait for days do not count. */
  readonly underWay: () => Promise<number>;
  /** The most there may be before the next one has to wait. */
  readonly most: number;
  /** Aborted when the intake stops. */
  readonly signal: AbortSignal;
  readonly pause?: typeof sleep;
}

/** Lets in as many as there is room for, in the order of asking. */
export interface Room {
  /** Resolves when there is room for one flow more; with false when the intake stops before there is. */
  enter(): Promise<boolean>;
  /** How many wait for room. */
  readonly waiting: number;
}

const lookAgainMs = 200;

/**
 * Back-pressure: mediators that cannot keep up are not given more and more flows, which would take from them what they need to bring any to its end. What
 * has to wait stays in the queue, where it is counted. The count is looked up only when the room that was found is used up.
 */
export function createRoom({ underWay, most, signal, pause = sleep }: RoomOptions): Room {
  const waiting: ((isIn: boolean) => void)[] = [];
  let free = 0;
  let isLooking = false;
  const look = async (): Promise<void> => {
    while (waiting.length > 0 && !signal.aborted) {
      // What cannot be looked up cannot be written down either: nothing is started meanwhile.
      free = most - (await underWay().catch(() => most));
      for (; free > 0 && waiting.length > 0; free -= 1) waiting.shift()?.(true);
      if (waiting.length > 0) await pause(lookAgainMs, signal);
    }
    for (const leave of waiting.splice(0)) leave(false);
    isLooking = false;
  };
  return {
    enter() {
      if (signal.aborted) return Promise.resolve(false);
      if (free > 0 && waiting.length === 0) {
        free -= 1;
        return Promise.resolve(true);
      }
      const entered = new Promise<boolean>((resolve) => waiting.push(resolve));
      if (!isLooking) {
        isLooking = true;
        void look();
      }
      return entered;
    },
    get waiting() {
      return waiting.length;
    },
  };
}
