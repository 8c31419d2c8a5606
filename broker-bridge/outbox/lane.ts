import type { OutboxFact, PublishedFact } from './claim.ts';
import { planBatch } from './plan.ts';
import { createTries, type TriesOptions } from './tries.ts';

/** The facts a relay has read and not yet marked: waiting, on their way, resting before another try, or confirmed. */
export interface Lane {
  /** Whether more should be read. */
  hasRoom(): boolean;
  add(facts: readonly OutboxFact[]): void;
  /** Sends off what may go now. */
  launch(): void;
  /** Positions of everything in the lane. */
  positions(): readonly string[];
  /** Keys whose next fact has failed and is tried again: their later facts need not be read. */
  blockedKeys(): readonly string[];
  /** What the broker has confirmed and nobody has marked yet. */
  confirmed(): readonly PublishedFact[];
  /** They are marked: they leave the lane. */
  remove(facts: readonly PublishedFact[]): void;
  /** Resolves when nothing is on its way any more. */
  settled(): Promise<void>;
}

/** How a lane sends, and how much. */
export interface LaneOptions extends Pick<TriesOptions, 'send' | 'signal'> {
  readonly mostInFlight: number;
  /** With fewer waiting than this, those of blocked keys not counted, the lane has room. */
  readonly readBelow: number;
  /** With so many blocked keys the trouble is not with single facts: nothing more is read. */
  readonly mostBlocked: number;
  /** Called when a fact has arrived or failed, or may be tried again. */
  readonly onChange: () => void;
}

/** Makes an empty lane. A fact that fails holds up its own key only: between two tries it takes no place of those on their way. */
export function createLane({ send, signal, mostInFlight, readBelow, mostBlocked, onChange }: LaneOptions): Lane {
  let waiting: readonly OutboxFact[] = [];
  let confirmed: PublishedFact[] = [];
  const positions = new Set<string>();
  const tries = createTries({
    send,
    signal,
    onArrival(published) {
      confirmed.push(published);
      onChange();
    },
    onFailure: onChange,
    onRested(fact) {
      waiting = [fact, ...waiting]; // before the later ones of its key
      onChange();
    },
  });
  return {
    hasRoom() {
      const blocked = tries.blockedKeys();
      return blocked.size < mostBlocked && waiting.filter(({ key }) => !blocked.has(key)).length < readBelow;
    },
    add(facts) {
      waiting = [...waiting, ...facts];
      for (const { position } of facts) positions.add(position);
    },
    launch() {
      const chosen = planBatch(waiting, tries.busyKeys(), mostInFlight - tries.onTheirWay());
      const leaving = new Set(chosen);
      waiting = waiting.filter((fact) => !leaving.has(fact));
      chosen.forEach(tries.start);
    },
    positions: () => [...positions],
    blockedKeys: () => [...tries.blockedKeys()],
    confirmed: () => confirmed,
    remove(facts) {
      for (const { position } of facts) positions.delete(position);
      const marked = new Set(facts);
      confirmed = confirmed.filter((fact) => !marked.has(fact));
    },
    settled: tries.settled,
  };
}
