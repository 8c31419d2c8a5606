import { setMaxListeners } from 'node:events';
import type { OutboxClaim } from './claim.ts';
import type { OutboxFact, PublishedFact, Unpublishable } from './rows.ts';
import { QueueFull, type Broker, type StreamInfo } from '../nats/broker.ts';
import { factStream, type FactSource } from '../../contracts/facts.ts';
import { requireSameStream, StreamLostData } from './lost-facts.ts';
import { encodeFact } from '../facts/cloud-events.ts';
import { reasonOf, type Log } from '../component.ts';
import { ensureFactStream } from '../nats/our-streams.ts';
import { createNotifier, sleep } from '../waiting.ts';
import { KeyChains } from './key-chains.ts';

/** A fact is published to this broker while the signal is not aborted. */
interface PublishOptions {
  readonly broker: Pick<Broker, 'publish' | 'connected' | 'ensureStream'>;
  readonly source: FactSource;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** The part of a claim that publishing needs. */
export type PublishingClaim = Pick<
  OutboxClaim,
  'lost' | 'onNews' | 'unpublished' | 'markPublished' | 'markUnpublishable'
>;

/** The outbox is published under a claim, so that no other relay does it at the same time. */
interface OutboxOptions extends PublishOptions {
  readonly claim: PublishingClaim;
  readonly broker: PublishOptions['broker'] & Pick<Broker, 'streamInfo' | 'onceDown'>;
  /** The stream at the beginning. */
  readonly stream: StreamInfo;
}

/**
 * `read`: facts per read. `mark`: so many confirmed facts are marked at once, fewer after `markAfter`. `lookEvery`:
 * pause when no news comes. `compareEvery`: the stream is looked at so often. `drainWithin`: a stop waits so long for
 * answers. Times are milliseconds.
 */
const timing = { read: 500, mark: 100, markAfter: 50, lookEvery: 1_000, compareEvery: 10_000, drainWithin: 5_000 };

/**
 * Publishes the outbox until the signal is aborted. Rejects when the claim is lost or PostgreSQL fails. The facts of
 * one key go one after the other, each when the broker has confirmed the one before; many keys go at once. A fact that
 * the broker never takes is tried for ever; its own key waits for it, and no other. Ends when the connection is lost or
 * the stream has lost data: the next session begins by looking for what is missing.
 */
export async function publishOutbox({ claim, broker, source, log, signal, stream }: OutboxOptions): Promise<void> {
  const over = new AbortController();
  const forgetLink = broker.onceDown(() => over.abort());
  const ended = AbortSignal.any([signal, claim.lost, over.signal]);
  setMaxListeners(0, ended); // every attempt listens
  const changes = createNotifier();
  const chains = new KeyChains({
    publish: (fact, attempt) => publishFact(fact, attempt, { broker, source, log, signal: ended }),
    onChange: changes.notify,
    signal: ended,
  });
  ended.addEventListener('abort', changes.notify, { once: true });
  const compare = createComparison({ broker, log, stream }, changes.notify);
  const read = createReader(claim, chains, changes.notify);
  let markAt = 0;
  try {
    while (!ended.aborted) {
      await read();
      const isDue = chains.confirmed >= timing.mark || Date.now() >= markAt;
      const confirmed = isDue ? await markConfirmed(claim, chains) : [];
      compare(confirmed);
      if (confirmed.length > 0) markAt = Date.now() + timing.markAfter;
      else await changes.next(chains.confirmed > 0 ? timing.markAfter : timing.lookEvery);
    }
    claim.lost.throwIfAborted();
    await Promise.race([chains.drained(), sleep(timing.drainWithin, over.signal)]);
    await markConfirmed(claim, chains);
  } finally {
    forgetLink();
    over.abort();
  }
}

/**
 * Looks at the stream from time to time, beside the publishing, which waits for no answer: the server's may take
 * seconds. Throws what a look has found; see `requireSameStream`.
 */
function createComparison(
  { broker, log, stream: begun }: Pick<OutboxOptions, 'broker' | 'log' | 'stream'>,
  wake: () => void,
): (confirmed: readonly PublishedFact[]) => void {
  let { removed } = begun;
  let [acknowledged, lookAt] = [0, Date.now() + timing.compareEvery];
  let lost: StreamLostData | undefined;
  const look = async (): Promise<void> => {
    const highest = acknowledged; // asked before the answer, which may be older than what is confirmed meanwhile
    const now = await broker.streamInfo(factStream.name);
    requireSameStream(begun, now, { acknowledged: highest, removed });
    removed = now.removed; // fewer when such a place has grown too old
  };
  const ended = (error?: unknown): void => {
    if (error instanceof StreamLostData) lost = error;
    else if (error) log.warn({ error: reasonOf(error) }, 'The stream of facts could not be looked at; trying again');
    lookAt = Date.now() + timing.compareEvery;
    if (lost) wake();
  };
  return (confirmed) => {
    for (const { streamSequence } of confirmed) acknowledged = Math.max(acknowledged, streamSequence);
    if (lost) throw lost;
    if (Date.now() < lookAt) return;
    lookAt = Infinity; // until it has ended
    void look().then(ended, ended);
  };
}

/** Reads when there is room, and either news came or the last read is long ago. */
function createReader(claim: PublishingClaim, chains: KeyChains, wake: () => void): () => Promise<void> {
  let hasNews = true;
  let lookAt = 0;
  claim.onNews(() => {
    hasNews = true;
    wake();
  });
  return async () => {
    if (!chains.hasRoom() || (!hasNews && Date.now() < lookAt)) return;
    lookAt = Date.now() + timing.lookEvery;
    hasNews = false;
    const facts = await claim.unpublished(timing.read, chains.positions(), chains.blockedKeys());
    for (const fact of facts) chains.add(fact);
    if (facts.length === timing.read) hasNews = true;
  };
}

/** Marks many rows in one statement; the next ones gather meanwhile. Resolves with those that were confirmed. */
async function markConfirmed(claim: PublishingClaim, chains: KeyChains): Promise<readonly PublishedFact[]> {
  const never = chains.removeUnpublishable();
  if (never.length > 0) await claim.markUnpublishable(never);
  const confirmed = chains.removeConfirmed();
  if (confirmed.length > 0) await claim.markPublished(confirmed);
  return confirmed;
}

/**
 * The attempt that is logged as an error, once per fact: after some 3 seconds of trying with a connection, a person
 * should look at it.
 */
const oftenFailed = 6;

/**
 * Tries once to publish a fact, as soon as there is a connection. From the third attempt on it first makes the stream
 * again, which may have been deleted. Resolves with null when it failed or the signal was aborted: the broker may have
 * the fact or not, and the next attempt goes under the same id. Resolves with the reason for a fact that cannot be a
 * message, or is larger than the broker takes.
 */
export async function publishFact(
  fact: OutboxFact,
  attempt: number,
  { broker, source, log, signal }: PublishOptions,
): Promise<PublishedFact | Unpublishable | null> {
  const about = { fact: fact.id, name: fact.name, key: fact.key, sequence: fact.sequence };
  const noStream = (error: unknown) => log.debug({ error: reasonOf(error) }, 'The stream of facts cannot be had');
  try {
    await broker.connected(signal);
    if (attempt > 2) await ensureFactStream(broker).catch(noStream);
    if (signal.aborted) return null;
    const message = encodeFact({ ...fact, source });
    const id = fact.timesLost === 0 ? message.id : `${message.id}~${fact.timesLost}`; // the stream may remember the lost one
    const { streamSequence } = await broker.publish({ ...message, id });
    log.debug({ ...about, streamSequence }, 'Published a fact');
    return { position: fact.position, streamSequence };
  } catch (error) {
    const details = { error: reasonOf(error), ...about, attempt };
    if (isForGood(error)) {
      log.error(details, 'A fact cannot be published as it is; its key waits, and is looked at again in a minute');
      return { position: fact.position, unpublishable: reasonOf(error) };
    }
    if (attempt === oftenFailed)
      log.error(details, 'A fact cannot be published; its key waits while it is tried again');
    else log.debug(details, 'A fact could not be published; trying again');
    return null;
  }
}

const isForGood = (error: unknown): boolean =>
  error instanceof URIError || (error instanceof QueueFull && error.why === 'too-large');
