import type { OutboxFact, PublishedFact } from './claim.ts';
import type { Broker } from '../nats/broker.ts';
import { encodeFact } from '../facts/cloud-events.ts';
import { reasonOf, type Log } from '../component.ts';
import { ensureFactStream } from '../nats/our-streams.ts';

/** A fact is published to this broker while the signal is not aborted. */
export interface PublishOptions {
  readonly broker: Pick<Broker, 'publish' | 'connected' | 'ensureStream'>;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * The attempt that is logged as an error, once per fact: after some 3 seconds of trying with a connection, a person
 * should look at it.
 */
const oftenFailed = 6;

/**
 * Tries once to publish a fact, as soon as there is a connection. From the third attempt on it first makes the stream
 * again, which may have been deleted. Resolves with null when it failed or the signal was aborted: the broker may have
 * the fact or not, and the next attempt goes under the same id.
 */
export async function publishFact(
  fact: OutboxFact,
  attempt: number,
  { broker, log, signal }: PublishOptions,
): Promise<PublishedFact | null> {
  const about = { fact: fact.id, name: fact.name, key: fact.key, sequence: fact.sequence };
  const noStream = (error: unknown) => log.debug({ error: reasonOf(error) }, 'The stream of facts cannot be had');
  try {
    await broker.connected(signal);
    if (attempt > 2) await ensureFactStream(broker).catch(noStream);
    if (signal.aborted) return null;
    const { streamSequence } = await broker.publish(encodeFact(fact));
    log.debug({ ...about, streamSequence }, 'Published a fact');
    return { position: fact.position, streamSequence };
  } catch (error) {
    const details = { error: reasonOf(error), ...about, attempt };
    if (attempt === oftenFailed)
      log.error(details, 'A fact cannot be published; its key waits while it is tried again');
    else log.debug(details, 'A fact could not be published; trying again');
    return null;
  }
}
