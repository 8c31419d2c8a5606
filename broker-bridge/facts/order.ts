/** What a listener that follows every fact of a key does with one: take it, drop it, or let it wait for those before it. */
export type Turn = 'now' | 'seen' | 'early';

/** Decides by the last sequence taken of the fact's key (0 at first). */
export function turnOf(sequence: number, lastTaken: number): Turn {
  if (sequence <= lastTaken) return 'seen';
  return sequence === lastTaken + 1 ? 'now' : 'early';
}
