import { setTimeout as timer } from 'node:timers/promises';
import type { Client } from '@temporalio/client';

/** Waits so many milliseconds, or until the signal is aborted. Never rejects. */
export async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await timer(milliseconds, undefined, { signal }).catch((error: unknown) => {
    if (!signal?.aborted) throw error;
  });
}

/**
 * The pause after the given attempt: `first` milliseconds after attempt 1, then twice as long each time, up to
 * `longest`.
 */
export const backoff = (attempt: number, { first, longest }: { first: number; longest: number }): number =>
  Math.min(longest, first * 2 ** Math.min(attempt - 1, 30));

export type Notifier = ReturnType<typeof createNotifier>;

/** Wakes one waiter. Notifications that come while it does not wait are kept, as one. */
export function createNotifier() {
  let isPending = false;
  let wake: (() => void) | undefined;
  return {
    notify(): void {
      isPending = true;
      wake?.();
    },
    /** Resolves at the next notification, at once when one was kept, or after so many milliseconds. */
    async next(milliseconds: number): Promise<void> {
      if (!isPending) await new Promise<void>((resolve) => (wake = wakeOrTimer(resolve, milliseconds)));
      wake = undefined;
      isPending = false;
    },
  };
}

function wakeOrTimer(resolve: () => void, milliseconds: number): () => void {
  const giveUp = setTimeout(resolve, milliseconds);
  return () => {
    clearTimeout(giveUp);
    resolve();
  };
}

const answerWithinMs = 10_000;

/** Asks Temporal. Without an answer for ten seconds it counts as away: then this rejects. */
export const answeredInTime = <Answer>(client: Client, ask: () => Promise<Answer>): Promise<Answer> =>
  client.withDeadline(Date.now() + answerWithinMs, ask);
