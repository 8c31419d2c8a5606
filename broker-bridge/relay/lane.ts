import type { OutboxFact, PublishedFact } from '../../prisma/stores/outbox.ts';
import { planBatch } from './plan.ts';

/** The facts a relay has read and not yet marked: waiting, on their way, or confirmed. */
export interface Lane {
  /** Whether more should be read. */
  hasRoom(): boolean;
  add(facts: readonly OutboxFact[]): void;
  /** Sends off what may go now. */
  launch(): void;
  /** Positions of everything in the lane. */
  positions(): readonly string[];
  /** What the broker has confirmed and nobody has marked yet. */
  confirmed(): readonly PublishedFact[];
  /** They are marked: they leave the lane. */
  remove(facts: readonly PublishedFact[]): void;
  /** Resolves when nothing is on its way any more. */
  settled(): Promise<void>;
}

/** How a lane sends, and how much. */
export interface LaneOptions {
  /** Resolves with null when it was given up. */
  readonly send: (fact: OutboxFact) => Promise<PublishedFact | null>;
  readonly mostInFlight: number;
  /** With fewer waiting than this the lane has room. */
  readonly readBelow: number;
  /** Called when a fact has arrived or was given up. */
  readonly onArrival: () => void;
}

/** Makes an empty lane. */
export function createLane({ send, mostInFlight, readBelow, onArrival }: LaneOptions): Lane {
  let waiting: readonly OutboxFact[] = [];
  let confirmed: PublishedFact[] = [];
  const positions = new Set<string>();
  const onTheirWay = new Map<string, Promise<void>>();
  const dispatch = async (fact: OutboxFact): Promise<void> => {
    const published = await send(fact);
    onTheirWay.delete(fact.key);
    if (published) confirmed.push(published);
    onArrival();
  };
  return {
    hasRoom: () => waiting.length < readBelow,
    add(facts) {
      waiting = [...waiting, ...facts];
      for (const { position } of facts) positions.add(position);
    },
    launch() {
      const chosen = planBatch(waiting, new Set(onTheirWay.keys()), mostInFlight - onTheirWay.size);
      const leaving = new Set(chosen);
      waiting = waiting.filter((fact) => !leaving.has(fact));
      for (const fact of chosen) onTheirWay.set(fact.key, dispatch(fact));
    },
    positions: () => [...positions],
    confirmed: () => confirmed,
    remove(facts) {
      for (const { position } of facts) positions.delete(position);
      const marked = new Set(facts);
      confirmed = confirmed.filter((fact) => !marked.has(fact));
    },
    async settled() {
      await Promise.all(onTheirWay.values());
    },
  };
}
