/** Work beside what is done in turn: nothing waits for it, unless there is too much of it. */
export interface Aside {
  /** Begins it, unless the same is under way already. Resolves as soon as it has begun. */
  begin(streamSequence: number, work: () => Promise<void>): Promise<void>;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
}

/** The work must not reject. When so much is under way, the next waits until something is done. */
export function createAside(most: number): Aside {
  const underWay = new Map<number, Promise<void>>();
  return {
    async begin(streamSequence, work) {
      // Asked again after each wait: the same may have begun meanwhile.
      while (underWay.size >= most && !underWay.has(streamSequence)) await Promise.race(underWay.values());
      if (underWay.has(streamSequence)) return;
      const done = work().finally(() => underWay.delete(streamSequence));
      underWay.set(streamSequence, done);
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay.values());
    },
  };
}
