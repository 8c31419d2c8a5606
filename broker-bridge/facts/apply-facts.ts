import { factStream, factSubject, type Fact } from '../../contracts/facts.ts';
import type { Broker, Delivery, Oldest } from '../nats/broker.ts';
import { toBinaryMode } from '../cloud-events/content-mode.ts';
import { factIn } from './cloud-events.ts';
import { chainOf, nowhere, type Chain, type Position, type Run } from './inbox-tables.ts';
import type { InboxTransaction } from './inbox.ts';
import { hears, type Listener, type Transaction } from './listener.ts';

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

/** Facts and messages that follow from a fact name it as their cause, and messages are numbered by it. */
async function applyOne(listener: Listener, tx: InboxTransaction, fact: Fact): Promise<void> {
  if (!hears(listener, fact)) return;
  let sent = 0;
  const own: Transaction = {
    run: tx.run,
    execute: tx.execute,
    tell: (told) => tx.tell({ fact: told, cause: fact }),
    send(message) {
      if (!listener.sends?.includes(message.to))
        throw new Error(`The listener ${listener.name} does not say that it sends messages to ${message.to}.`);
      sent += 1;
      tx.send({ id: `${fact.id}/${sent}`, message });
    },
  };
  await listener.apply(own, fact);
}

const applyOnce =
  (listener: Listener): ApplyFacts =>
  async (tx, facts) => {
    const unseen = new Set(await tx.note(facts.map((fact) => fact.id)));
    for (const fact of facts) if (unseen.delete(fact.id)) await applyOne(listener, tx, fact);
    return new Set();
  };

const applyInSequence =
  (listener: Listener): ApplyFacts =>
  async (tx, facts, afterGap = new Set()) => {
    const runs = runsOf(facts);
    const inTurn = runs.length > 0 ? await tx.advanceInTurn(runs) : new Set<string>();
    const others = facts.filter((fact) => !inTurn.has(chainOf(fact)));
    const positions = new Map(others.length > 0 ? await tx.positions(others) : []);
    for (const run of runs)
      if (inTurn.has(chainOf(run))) positions.set(chainOf(run), { epoch: run.epoch, sequence: run.first - 1 });
    const early = new Set<string>();
    const moved = new Map<string, Chain & Position>();
    const move = (fact: Fact, position: Position): void => {
      const { source, key } = fact;
      positions.set(chainOf(fact), position);
      moved.set(chainOf(fact), { source, key, ...position });
    };
    for (const fact of facts) {
      const last = positions.get(chainOf(fact)) ?? nowhere;
      const dropped = moved.get(chainOf(fact))?.dropped ?? 0;
      const turn = turnOf(fact, last);
      if (turn === 'dropped') move(fact, { ...last, dropped: dropped + 1 });
      if (turn === 'early' && !afterGap.has(fact.id)) early.add(fact.id);
      else if (turn === 'early' || turn === 'now') {
        await applyOne(listener, tx, fact);
        const { epoch, sequence } = fact;
        move(fact, { epoch, sequence, dropped });
      }
    }
    for (const chain of inTurn) moved.delete(chain);
    if (moved.size > 0) await tx.advance([...moved.values()]);
    return early;
  };

/**
 * The facts of each chain, where they follow each other. Most do, and stand at their turn: one statement then reads,
 * locks and moves.
 */
function runsOf(facts: readonly Fact[]): readonly Run[] {
  const runs = new Map<string, Run | null>();
  for (const fact of facts) {
    const { source, key, epoch, sequence } = fact;
    const run = runs.get(chainOf(fact));
    if (run === undefined) runs.set(chainOf(fact), { source, key, epoch, first: sequence, last: sequence });
    else {
      const isNext = run?.epoch === epoch && run.last + 1 === sequence;
      runs.set(chainOf(fact), run && isNext ? { ...run, last: sequence } : null);
    }
  }
  return [...runs.values()].filter((run) => run !== null);
}

/**
 * The turn of a fact among those of its chain, after the last one that was applied. A new epoch begins at 1, however
 * far the one before has come; what comes from an earlier epoch then is dropped.
 */
export function turnOf(fact: Position, last: Position): 'now' | 'seen' | 'early' | 'dropped' {
  if (fact.epoch < last.epoch) return 'dropped';
  const next = fact.epoch === last.epoch ? last.sequence + 1 : 1;
  if (fact.sequence === next) return 'now';
  return fact.sequence < next ? 'seen' : 'early';
}

/** After so many deliveries, which take 15 seconds, no earlier fact is still on its way. */
const waitedLongEnough = 9;

/**
 * True when the facts before this one will never come: it is the oldest that the stream holds of its chain from where
 * the listener began, and either the listener began later than the stream, or the stream has dropped old messages (as
 * for a listener that starts years after the first order), or none came for a while (the stream was made anew before
 * they were applied). The relay publishes a fact only when the stream has confirmed the one before.
 */
export async function areEarlierGone(
  fact: Fact,
  delivery: Delivery,
  {
    broker,
    listener,
  }: {
    readonly broker: Pick<Broker, 'oldest' | 'message' | 'consumerInfo'>;
    readonly listener: Pick<Listener, 'name'>;
  },
): Promise<boolean> {
  const from = (await broker.consumerInfo(factStream.name, listener.name))?.beginsAt ?? 1;
  const oldest = await oldestOfChain(fact, broker, from);
  if (oldest?.onSubject !== delivery.streamSequence) return false;
  return from > 1 || oldest.ofStream > 1 || delivery.timesDelivered >= waitedLongEnough;
}

/** The oldest message of the fact's key that is of its source; subjects do not tell sources apart. */
async function oldestOfChain(
  fact: Fact,
  broker: Pick<Broker, 'oldest' | 'message'>,
  from: number,
): Promise<Oldest | null> {
  const subject = factSubject({ ...fact, name: '*' });
  for (let next = from; ;) {
    const oldest = await broker.oldest(factStream.name, subject, next);
    const message = oldest && (await broker.message(factStream.name, oldest.onSubject));
    if (!oldest || !message) return oldest;
    const source = factIn(toBinaryMode(message))?.source ?? fact.source;
    if (source === fact.source) return oldest;
    next = oldest.onSubject + 1;
  }
}
