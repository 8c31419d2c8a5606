import PQueue from 'p-queue';
import { backoff, sleep } from '../waiting.ts';
import type { OutboxFact, PublishedFact, Unpublishable } from './rows.ts';

interface ChainOptions {
  /** Tries once; resolves with null when that failed, and with the reason when another try would fail as well. */
  readonly publish: (fact: OutboxFact, attempt: number) => Promise<PublishedFact | Unpublishable | null>;
  /** Called when a fact was confirmed, failed, or was left out. */
  readonly onChange: () => void;
  /** Ends the retries. What is being published then may still be confirmed. */
  readonly signal: AbortSignal;
}

/**
 * `inFlight`: facts being published at once. There is room for more while fewer than `unblocked` facts of unblocked
 * keys are here. With so many `blocked` keys the trouble is not with single facts, and there is no room.
 */
const limits = { inFlight: 128, unblocked: 378, blocked: 1_000 };
const pauses = { first: 100, longest: 5_000 };
/** A fact that is never taken may be after another release, or another setting of the broker: milliseconds. */
const lookAgainAfter = 60_000;

/**
 * Holds the facts that were read and are not marked yet: one chain of promises per key keeps its order. A fact that
 * fails blocks its own key only, and between two tries it takes no place from the others. Of a fact that is never taken
 * only the key is kept, so that there may be any number of them.
 */
export class KeyChains {
  readonly #options: ChainOptions;
  readonly #queue = new PQueue({ concurrency: limits.inFlight });
  readonly #chains = new Map<string, Promise<void>>();
  readonly #unmarked = new Map<string, OutboxFact>();
  readonly #blocked = new Set<string>();
  /** Keys whose next fact is never taken, and when they are looked at again. */
  readonly #shut = new Map<string, number>();
  readonly #confirmed: PublishedFact[] = [];
  readonly #unpublishable: Unpublishable[] = [];

  constructor(options: ChainOptions) {
    this.#options = options;
  }

  /** Appends a fact to the chain of its key. */
  add(fact: OutboxFact): void {
    this.#unmarked.set(fact.position, fact);
    const before = this.#chains.get(fact.key);
    const turn = before ? before.then(() => this.#untilPublished(fact)) : this.#untilPublished(fact);
    this.#chains.set(fact.key, turn);
    void turn.then(() => {
      if (this.#chains.get(fact.key) === turn) this.#chains.delete(fact.key);
    });
  }

  hasRoom(): boolean {
    const unblocked = [...this.#unmarked.values()].filter(({ key }) => !this.#blocked.has(key));
    return this.#blocked.size < limits.blocked && unblocked.length < limits.unblocked;
  }

  positions(): readonly string[] {
    return [...this.#unmarked.keys()];
  }

  /** The next fact of these keys has failed and is tried again, now or later: their facts need not be read. */
  blockedKeys(): readonly string[] {
    for (const [key, until] of this.#shut) if (until <= Date.now() && !this.#chains.has(key)) this.#shut.delete(key);
    return [...this.#blocked, ...this.#shut.keys()];
  }

  /** The number of facts that the broker has confirmed, and that are not marked. */
  get confirmed(): number {
    return this.#confirmed.length;
  }

  /** Removes the facts that the broker has confirmed. The caller marks them before it reads again. */
  removeConfirmed(): readonly PublishedFact[] {
    for (const { position } of this.#confirmed) this.#unmarked.delete(position);
    return this.#confirmed.splice(0);
  }

  /** Removes the facts that were found never to be taken. */
  removeUnpublishable(): readonly Unpublishable[] {
    return this.#unpublishable.splice(0);
  }

  /** Resolves when nothing is being published any more. */
  drained(): Promise<void> {
    return this.#queue.onIdle();
  }

  async #untilPublished(fact: OutboxFact): Promise<void> {
    const { signal } = this.#options;
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      if (this.#shut.has(fact.key)) return this.#leaveOut(fact);
      if (await this.#queue.add(() => this.#tryOnce(fact, attempt))) return;
      if (!this.#shut.has(fact.key)) await sleep(backoff(attempt, pauses), signal);
    }
  }

  /** It is read again when its key is looked at again. */
  #leaveOut({ position }: OutboxFact): void {
    this.#unmarked.delete(position);
    this.#options.onChange();
  }

  async #tryOnce(fact: OutboxFact, attempt: number): Promise<boolean> {
    const { publish, onChange, signal } = this.#options;
    if (signal.aborted) return false;
    const published = await publish(fact, attempt);
    if (published === null) this.#blocked.add(fact.key);
    else this.#blocked.delete(fact.key);
    const isNever = published !== null && 'unpublishable' in published;
    if (isNever) {
      this.#shut.set(fact.key, Date.now() + lookAgainAfter);
      this.#unpublishable.push(published);
    } else if (published) this.#confirmed.push(published);
    onChange();
    return published !== null && !isNever;
  }
}
