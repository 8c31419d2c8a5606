/** Work that a flow does not wait for while it goes on, such as a mail; it is awaited before the flow ends. */
export class Background {
  readonly #works: Promise<{ readonly error: unknown } | undefined>[] = [];

  start(work: () => Promise<void>): void {
    const bug = work().then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    this.#works.push(bug);
  }

  /** Waits for all of it, also for work that is started meanwhile. A bug in it is thrown here. */
  async finished(): Promise<void> {
    for (let work = this.#works.shift(); work; work = this.#works.shift()) {
      const bug = await work;
      if (bug) throw bug.error;
    }
  }
}
