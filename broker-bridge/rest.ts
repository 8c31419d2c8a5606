import { setTimeout as timer } from 'node:timers/promises';

/** Waits so long, or until the signal is aborted, whichever comes first. Never rejects. */
export async function rest(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await timer(milliseconds, undefined, { signal }).catch((error: unknown) => {
    if (!signal?.aborted) throw error;
  });
}

/** 1st try: `first` milliseconds, then twice as long each time, up to `longest`. */
export const backoff = (attempt: number, { first, longest }: { first: number; longest: number }): number =>
  Math.min(longest, first * 2 ** Math.min(attempt - 1, 30));
