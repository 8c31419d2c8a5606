/** What planning needs to know of a fact. */
export interface Keyed {
  readonly key: string;
}

/**
 * Which waiting facts may go now: at most `room`, the oldest first, and of each key only its oldest, and only while nothing of that
 * key is on its way. `waiting` stands in order; facts of one key stand in their sequence.
 */
export function planBatch<Fact extends Keyed>(
  waiting: readonly Fact[],
  busyKeys: ReadonlySet<string>,
  room: number,
): readonly Fact[] {
  const keys = new Set<string>();
  const chosen: Fact[] = [];
  for (const fact of waiting) {
    if (chosen.length >= room) break;
    if (busyKeys.has(fact.key) || keys.has(fact.key)) continue;
    keys.add(fact.key);
    chosen.push(fact);
  }
  return chosen;
}
