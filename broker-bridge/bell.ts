/** Wakes one waiter. Rings while nobody waits are kept, as one. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, at once when one was kept, or after so many milliseconds. */
  heard(milliseconds: number): Promise<void>;
}

/** Makes a bell for one waiter. */
export function createBell(): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async heard(milliseconds) {
      if (!rung) await new Promise<void>((resolve) => (wake = wakeOrTimer(resolve, milliseconds)));
      wake = undefined;
      rung = false;
    },
  };
}

function wakeOrTimer(resolve: () => void, milliseconds: number): () => void {
  const timer = setTimeout(resolve, milliseconds);
  return () => {
    clearTimeout(timer);
    resolve();
  };
}
