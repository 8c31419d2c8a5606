import type { OutboxFact, PublishedFact } from './claim.ts';
import { backoff, rest } from '../rest.ts';

/** The facts that are being tried, of each key one: on their way, or resting after a failure. */
export interface Tries {
  /** Sends a fact off. */
  start(fact: OutboxFact): void;
  /** How many are on their way. One that rests is not. */
  onTheirWay(): number;
  /** Keys of which nothing may be sent off now. */
  busyKeys(): ReadonlySet<string>;
  /** Keys whose fact has failed and has not arrived since. */
  blockedKeys(): ReadonlySet<string>;
  /** Resolves when nothing is on its way any more. */
  settled(): Promise<void>;
}

/** How facts are tried, and who is told. */
export interface TriesOptions {
  /** Tries once; resolves with null when that failed. */
  readonly send: (fact: OutboxFact, attempt: number) => Promise<PublishedFact | null>;
  readonly onArrival: (published: PublishedFact) => void;
  readonly onFailure: () => void;
  /** The fact has rested, and is to be started again. */
  readonly onRested: (fact: OutboxFact) => void;
  /** Ends the rests. */
  readonly signal: AbortSignal;
}

const pauses = { first: 100, longest: 5_000 };

/** Nothing is tried at first. */
export function createTries({ send, onArrival, onFailure, onRested, signal }: TriesOptions): Tries {
  const onTheirWay = new Map<string, Promise<void>>();
  const resting = new Set<string>();
  const failures = new Map<string, number>();
  const restAfter = async (fact: OutboxFact, attempt: number): Promise<void> => {
    failures.set(fact.key, attempt);
    resting.add(fact.key);
    onFailure();
    await rest(backoff(attempt, pauses), signal);
    resting.delete(fact.key);
    onRested(fact);
  };
  const tryOnce = async (fact: OutboxFact): Promise<void> => {
    const attempt = (failures.get(fact.key) ?? 0) + 1;
    const published = await send(fact, attempt);
    onTheirWay.delete(fact.key);
    if (!published) return void restAfter(fact, attempt);
    failures.delete(fact.key);
    onArrival(published);
  };
  return {
    start: (fact) => void onTheirWay.set(fact.key, tryOnce(fact)),
    onTheirWay: () => onTheirWay.size,
    busyKeys: () => new Set([...onTheirWay.keys(), ...resting]),
    blockedKeys: () => new Set(failures.keys()),
    async settled() {
      await Promise.all(onTheirWay.values());
    },
  };
}
