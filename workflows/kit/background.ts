/** Work that the order does not wait for while it goes on, such as telling the customer of a hold; awaited before the order ends. */
export interface Background {
  start(work: () => Promise<void>): void;
  /** Waits for all of it, also for what is started meanwhile. A bug in it comes out here. */
  finished(): Promise<void>;
}

/** Nothing under way. */
export function openBackground(): Background {
  const works: Promise<unknown>[] = [];
  return {
    start(work) {
      const bug = work().then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      works.push(bug);
    },
    async finished() {
      for (let work = works.shift(); work; work = works.shift()) {
        const bug = (await work) as { readonly error: unknown } | undefined;
        if (bug) throw bug.error;
      }
    },
  };
}
