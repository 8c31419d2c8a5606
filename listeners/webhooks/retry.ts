import { backoff } from '../../broker-bridge/waiting.ts';

/** Pauses between the attempts of a message, in milliseconds. */
export interface Pauses {
  readonly first: number;
  readonly longest: number;
}

/**
 * The pause after so many attempts: up to a quarter longer than the shortest, so that messages that failed together do
 * not come back together.
 */
export const pauseAfter = (attempt: number, pauses: Pauses, random: () => number = Math.random): number =>
  backoff(attempt, pauses) * (1 + random() / 4);

/** So many attempts take this time or longer. */
export function attemptsWithin(milliseconds: number, pauses: Pauses): number {
  let attempts = 1;
  for (let passed = 0; passed < milliseconds; attempts += 1) passed += backoff(attempts, pauses);
  return attempts;
}

/**
 * The milliseconds that a receiver asks to be left alone for: `retry-after` as seconds or as a date; 0 without one that
 * can be read.
 */
export function askedPause(retryAfter: string | undefined, now: number = Date.now()): number {
  if (retryAfter === undefined) return 0;
  const asked = /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - now;
  return Number.isFinite(asked) ? Math.max(0, asked) : 0;
}
