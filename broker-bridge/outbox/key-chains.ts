import PQueue from 'p-queue';
import { backoff, sleep } from '../waiting.ts';
import type { OutboxFact, PublishedFact } from './claim.ts';

interface ChainOptions {
  /** Tries once; resolves with null when that failed. */
  readonly publish: (fact: OutboxFact, attempt: number) => Promise<PublishedFact | null>;
  /** Called when a fact was confirmed or failed. */
  readonly onChange: () => void;
  /** Ends the retries. What is being published then may still be confirmed. */
  readonly signal: AbortSignal;
}

export type KeyChains = ReturnType<typeof createKeyChains>;

/**
 * `inFlight`: facts being published at once. `readBelow`: there is room for more when fewer wait. `blocked`: with so many failing keys the
 * trouble is not with single facts, and there is no room.
 */
const limits = { inFlight: 128, readBelow: 250, blocked: 1_000 };
const pauses = { first: 100, longest: 5_000 };

/**
 * Holds the facts that were read and are not marked yet: one chain of promises per key keeps its order. A fact that fails blocks its own
 * key only, and between two tries it takes no place from the others.
 */
export function createKeyChains({ publish, onChange, signal }: ChainOptions) {
  const queue = new PQueue({ concurrency: limits.inFlight });
  const chains = new Map<string, Promise<void>>();
  const unmarked = new Set<string>();
  const waiting = new Set<OutboxFact>();
  const blocked = new Set<string>();
  let confirmed: PublishedFact[] = [];

  const tryOnce = async (fact: OutboxFact, attempt: number): Promise<boolean> => {
    if (signal.aborted) return false;
    waiting.delete(fact);
    const published = await publish(fact, attempt);
    if (published) confirmed.push(published);
    if (published) blocked.delete(fact.key);
    else blocked.add(fact.key);
    onChange();
    return published !== null;
  };

  const untilPublished = async (fact: OutboxFact): Promise<void> => {
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      if (await queue.add(() => tryOnce(fact, attempt))) return;
      await sleep(backoff(attempt, pauses), signal);
    }
  };

  return {
    /** Appends a fact to the chain of its key. */
    add(fact: OutboxFact): void {
      unmarked.add(fact.position);
      waiting.add(fact);
      const before = chains.get(fact.key);
      const turn: Promise<void> = (before ? before.then(() => untilPublished(fact)) : untilPublished(fact)).then(() => {
        if (chains.get(fact.key) === turn) chains.delete(fact.key);
      });
      chains.set(fact.key, turn);
    },
    hasRoom: (): boolean =>
      blocked.size < limits.blocked && [...waiting].filter(({ key }) => !blocked.has(key)).length < limits.readBelow,
    positions: (): readonly string[] => [...unmarked],
    /** The next fact of these keys has failed and is tried again: their later facts need not be read. */
    blockedKeys: (): readonly string[] => [...blocked],
    /** The broker has these, and the outbox does not say so yet. */
    get confirmed(): readonly PublishedFact[] {
      return confirmed;
    },
    marked(facts: readonly PublishedFact[]): void {
      for (const { position } of facts) unmarked.delete(position);
      const gone = new Set(facts);
      confirmed = confirmed.filter((fact) => !gone.has(fact));
    },
    /** Resolves when nothing is being published any more. */
    drained: (): Promise<void> => queue.onIdle(),
  };
}
