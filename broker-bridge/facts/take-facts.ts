import type { Fact } from '../../contracts/facts.ts';
import type { InboxTransaction } from './inbox.ts';
import type { Listener } from './declaration.ts';
import { turnOf } from './order.ts';

/** Takes facts inside one transaction and resolves with the ids of those that came too early; the others are done, now or before. */
export type TakeFacts = (
  tx: InboxTransaction,
  facts: readonly Fact[],
  /** Ids of facts that need not wait, because those before them are gone for good. */
  waitNoMore?: ReadonlySet<string>,
) => Promise<ReadonlySet<string>>;

/** The listener's way of taking facts. */
export const takeFactsOf = (listener: Listener): TakeFacts =>
  listener.follows === 'some-facts' ? takeOnce(listener) : takeInSequence(listener);

const takeOnce =
  (listener: Listener): TakeFacts =>
  async (tx, facts) => {
    const unseen = new Set(await tx.note(facts.map((fact) => fact.id)));
    for (const fact of facts) if (unseen.delete(fact.id)) await listener.apply(tx, fact);
    return new Set();
  };

const takeInSequence =
  (listener: Listener): TakeFacts =>
  async (tx, facts, waitNoMore = new Set()) => {
    const positions = new Map(await tx.positions(facts.map((fact) => fact.key)));
    const early = new Set<string>();
    const moved = new Map<string, number>();
    for (const fact of facts) {
      const turn = turnOf(fact.sequence, positions.get(fact.key) ?? 0);
      if (turn === 'seen') continue;
      if (turn === 'early' && !waitNoMore.has(fact.id)) {
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
