import { factStream, type Fact } from '../../contracts/facts.ts';
import type { Broker, Delivery } from '../nats/broker.ts';
import type { InboxTransaction } from './inbox.ts';
import type { Listener } from './listener.ts';

/**
 * Applies facts in one transaction. Resolves with the ids of those that are early; all others have had their effect,
 * now or before.
 */
export type ApplyFacts = (
  tx: InboxTransaction,
  facts: readonly Fact[],
  /** Ids of facts that are applied even when early, because those before them are gone for good. */
  afterGap?: ReadonlySet<string>,
) => Promise<ReadonlySet<string>>;

/** Applies facts in the order that the listener follows. */
export const createApplyFacts = (listener: Listener): ApplyFacts =>
  listener.follows === 'some-facts' ? applyOnce(listener) : applyInSequence(listener);

const applyOnce =
  (listener: Listener): ApplyFacts =>
  async (tx, facts) => {
    const unseen = new Set(await tx.note(facts.map((fact) => fact.id)));
    for (const fact of facts) if (unseen.delete(fact.id)) await listener.apply(tx, fact);
    return new Set();
  };

const applyInSequence =
  (listener: Listener): ApplyFacts =>
  async (tx, facts, afterGap = new Set()) => {
    const positions = new Map(await tx.positions(facts.map((fact) => fact.key)));
    const early = new Set<string>();
    const moved = new Map<string, number>();
    for (const fact of facts) {
      const turn = turnOf(fact.sequence, positions.get(fact.key) ?? 0);
      if (turn === 'seen') continue;
      if (turn === 'early' && !afterGap.has(fact.id)) {
        early.add(fact.id);
        continue;
      }
      await listener.apply(tx, fact);
      positions.set(fact.key, fact.sequence);
      moved.set(fact.key, fact.sequence);
    }
    if (moved.size > 0) await tx.advance(moved);
    return early;
  };

/** The turn of a fact among those of its key, whose last applied sequence is given (0 at first). */
export function turnOf(sequence: number, last: number): 'now' | 'seen' | 'early' {
  if (sequence <= last) return 'seen';
  return sequence === last + 1 ? 'now' : 'early';
}

/** After so many deliveries, which take 15 seconds, no earlier fact is still on its way. */
const waitedLongEnough = 9;

/**
 * True when the facts before this one will never come: it is the oldest that the stream holds of its key, and either
 * the stream has dropped old messages (as for a listener that starts years after the first order), or none came for a
 * while (the stream was made anew before they were applied). The relay publishes a fact only when the stream has
 * confirmed the one before.
 */
export async function areEarlierGone(fact: Fact, delivery: Delivery, broker: Pick<Broker, 'oldest'>): Promise<boolean> {
  const oldest = await broker.oldest(factStream.name, `${fact.area}.fact.*.${fact.key}`);
  if (oldest?.onSubject !== delivery.streamSequence) return false;
  return oldest.ofStream > 1 || delivery.timesDelivered >= waitedLongEnough;
}
