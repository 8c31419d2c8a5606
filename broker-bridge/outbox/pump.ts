import { setMaxListeners } from 'node:events';
import type { OutboxClaim } from './claim.ts';
import { createBell } from '../bell.ts';
import { rest } from '../rest.ts';
import { createLane, type Lane } from './lane.ts';
import { publishFact, type PublishOptions } from './publish-fact.ts';

/** What the pump works with. */
export interface PumpOptions extends PublishOptions {
  readonly claim: OutboxClaim;
}

/**
 * Facts read at once; facts on their way at once; keys with a fact that fails; how often the relay looks by itself; how long a stop
 * waits for answers.
 */
const limits = { read: 500, inFlight: 128, blockedKeys: 1_000, lookEvery: 1_000, settleWithin: 5_000 };

/**
 * Publishes what the outbox holds until the signal is aborted, or the claim is lost or PostgreSQL fails (it rejects then). Facts of one key
 * go one after the other, each when the broker has confirmed the one before; many keys go at the same time. A fact that the broker never takes
 * is tried for ever; its own key waits for it, and no other.
 */
export async function pump({ claim, broker, log, signal }: PumpOptions): Promise<void> {
  const over = new AbortController();
  const ended = AbortSignal.any([signal, claim.lost, over.signal]);
  setMaxListeners(0, ended); // each fact on its way listens
  const bell = createBell();
  const lane = createLane({
    send: (fact, attempt) => publishFact(fact, attempt, { broker, log, signal: ended }),
    mostInFlight: limits.inFlight,
    readBelow: limits.read / 2,
    mostBlocked: limits.blockedKeys,
    onChange: bell.ring,
    signal: ended,
  });
  ended.addEventListener('abort', bell.ring, { once: true });
  const read = createReader(claim, lane, bell.ring);
  try {
    while (!ended.aborted) {
      await read();
      lane.launch();
      if (!(await mark(claim, lane))) await bell.heard(limits.lookEvery);
    }
    claim.lost.throwIfAborted();
    await Promise.race([lane.settled(), rest(limits.settleWithin, over.signal)]);
    await mark(claim, lane);
  } finally {
    over.abort();
  }
}

/** Reads when there is room, and there is news, or nobody has looked for a while. */
function createReader(claim: OutboxClaim, lane: Lane, wake: () => void): () => Promise<void> {
  let news = true;
  let lookAt = 0;
  claim.onNews(() => {
    news = true;
    wake();
  });
  return async () => {
    if (!lane.hasRoom() || (!news && Date.now() < lookAt)) return;
    news = false;
    lookAt = Date.now() + limits.lookEvery;
    const facts = await claim.unpublished(limits.read, lane.positions(), lane.blockedKeys());
    lane.add(facts);
    if (facts.length === limits.read) news = true;
  };
}

/** Many rows in one statement: while one is under way the next ones gather. False when there was nothing to mark. */
async function mark(claim: OutboxClaim, lane: Lane): Promise<boolean> {
  const confirmed = [...lane.confirmed()];
  if (confirmed.length === 0) return false;
  await claim.markPublished(confirmed);
  lane.remove(confirmed);
  return true;
}
