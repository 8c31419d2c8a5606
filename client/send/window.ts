/** Work under way, at most so much at once, and one piece at a time for each key. */
export interface Window {
  /** Resolves when there is room and nothing of this key is under way; the work then begins. */
  begin(key: string | undefined, work: () => Promise<void>): Promise<void>;
  /** Resolves when nothing is under way any more. Rejects with what the first failed piece threw. */
  empty(): Promise<void>;
}

/** Opens a window of a size. Work that fails is told by `empty`, and nothing begins afterwards. */
export function openWindow(size: number): Window {
  const underWay = new Set<Promise<void>>();
  const byKey = new Map<string, Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const check = () => {
    if (failure) throw failure.error;
  };
  return {
    async begin(key, work) {
      while (underWay.size >= size) await Promise.race(underWay);
      if (key !== undefined) await byKey.get(key);
      check();
      const piece = work().then(
        () => leave(),
        (error: unknown) => {
          failure ??= { error };
          leave();
        },
      );
      const leave = () => {
        underWay.delete(piece);
        if (key !== undefined && byKey.get(key) === piece) byKey.delete(key);
      };
      underWay.add(piece);
      if (key !== undefined) byKey.set(key, piece);
    },
    async empty() {
      while (underWay.size > 0) await Promise.race(underWay);
      check();
    },
  };
}
