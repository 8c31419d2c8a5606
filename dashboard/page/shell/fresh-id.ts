/** An id that nobody else has. `crypto.randomUUID` is there only over https and on this machine itself; this one is everywhere. */
export const freshId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The ids of what was asked and not answered yet: whoever asks the same once more does it under the same id, so that it is done once. */
export class OpenIds {
  readonly #ids = new Map<string, string>();

  of(asked: string): string {
    const id = this.#ids.get(asked) ?? freshId();
    this.#ids.set(asked, id);
    return id;
  }

  /** From now on the same is something new. */
  answered(asked: string): void {
    this.#ids.delete(asked);
  }
}
