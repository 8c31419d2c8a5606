import { setMaxListeners } from 'node:events';
import type { OutboxClaim } from './claim.ts';
import { createNotifier, sleep } from '../waiting.ts';
import { KeyChains } from './key-chains.ts';
import { publishFact, type PublishOptions } from './publish-fact.ts';

/** The loop publishes under a claim, so that no other relay does at the same time. */
export interface LoopOptions extends PublishOptions {
  readonly claim: OutboxClaim;
}

/**
 * `read`: facts per read. `lookEvery`: pause in milliseconds when no news comes. `drainWithin`: a stop waits so long
 * for answers.
 */
const limits = { read: 500, lookEvery: 1_000, drainWithin: 5_000 };

/**
 * Publishes the outbox until the signal is aborted. Rejects when the claim is lost or PostgreSQL fails. The facts of
 * one key go one after the other, each when the broker has confirmed the one before; many keys go at once. A fact that
 * the broker never takes is tried for ever; its own key waits for it, and no other.
 */
export async function publishLoop({ claim, broker, log, signal }: LoopOptions): Promise<void> {
  const over = new AbortController();
  const ended = AbortSignal.any([signal, claim.lost, over.signal]);
  setMaxListeners(0, ended); // every attempt listens
  const changes = createNotifier();
  const chains = new KeyChains({
    publish: (fact, attempt) => publishFact(fact, attempt, { broker, log, signal: ended }),
    onChange: changes.notify,
    signal: ended,
  });
  ended.addEventListener('abort', changes.notify, { once: true });
  const read = createReader(claim, chains, changes.notify);
  try {
    while (!ended.aborted) {
      await read();
      if (!(await markConfirmed(claim, chains))) await changes.next(limits.lookEvery);
    }
    claim.lost.throwIfAborted();
    await Promise.race([chains.drained(), sleep(limits.drainWithin, over.signal)]);
    await markConfirmed(claim, chains);
  } finally {
    over.abort();
  }
}

/** Reads when there is room, and either news came or the last read is long ago. */
function createReader(claim: OutboxClaim, chains: KeyChains, wake: () => void): () => Promise<void> {
  let hasNews = true;
  let lookAt = 0;
  claim.onNews(() => {
    hasNews = true;
    wake();
  });
  return async () => {
    if (!chains.hasRoom() || (!hasNews && Date.now() < lookAt)) return;
    lookAt = Date.now() + limits.lookEvery;
    hasNews = false;
    const facts = await claim.unpublished(limits.read, chains.positions(), chains.blockedKeys());
    for (const fact of facts) chains.add(fact);
    if (facts.length === limits.read) hasNews = true;
  };
}

/**
 * Marks many rows in one statement; the next ones gather meanwhile. Resolves with false when there was nothing to mark.
 */
async function markConfirmed(claim: OutboxClaim, chains: KeyChains): Promise<boolean> {
  const confirmed = [...chains.confirmed()];
  if (confirmed.length === 0) return false;
  await claim.markPublished(confirmed);
  chains.marked(confirmed);
  return true;
}
