import { expect, test } from 'vitest';
import { askedPause, attemptsWithin, pauseAfter } from '../../../listeners/webhooks/retry.ts';

const pauses = { first: 5_000, longest: 6 * 3_600_000 };
const day = 24 * 3_600_000;

test('pauses double from seconds to hours, and are up to a quarter longer by chance', () => {
  const least = [1, 2, 3, 13, 14, 60].map((attempt) => pauseAfter(attempt, pauses, () => 0));
  expect(least).toEqual([5_000, 10_000, 20_000, 20_480_000, 21_600_000, 21_600_000]);
  expect(pauseAfter(1, pauses, () => 0.999)).toBeGreaterThan(6_200);
  expect(pauseAfter(1, pauses, () => 0.999)).toBeLessThan(6_250);
});

test('so many attempts take at least so long', () => {
  expect(attemptsWithin(1, pauses)).toBe(2);
  expect(attemptsWithin(15_000, pauses)).toBe(3);
  expect(attemptsWithin(15_001, pauses)).toBe(4);
  expect(attemptsWithin(5 * day, pauses)).toBe(33);
});

test.each([
  [undefined, 0],
  ['', 0],
  ['120', 120_000],
  ['-5', 0],
  ['1e9', 0],
  ['99999999999', 0],
  ['soon', 0],
  ['Mon, 30 Nov 2026 10:00:30 GMT', 30_000],
  ['Mon, 30 Nov 2026 09:00:00 GMT', 0],
])('retry-after %s asks for %d milliseconds', (header, milliseconds) => {
  expect(askedPause(header, Date.parse('2026-11-30T10:00:00Z'))).toBe(milliseconds);
});
