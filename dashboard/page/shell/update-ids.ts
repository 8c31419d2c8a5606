/** A random id. Browsers have `crypto.randomUUID` only over https and on loopback; this works everywhere. */
export const freshId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The ids of requests without an answer yet: the same request once more gets the same id, so that it is done once. */
export class UpdateIds {
  readonly #ids = new Map<string, string>();

  of(asked: string): string {
    const id = this.#ids.get(asked) ?? freshId();
    this.#ids.set(asked, id);
    return id;
  }

  /** The same request is a new one from now on. */
  answered(asked: string): void {
    this.#ids.delete(asked);
  }
}
