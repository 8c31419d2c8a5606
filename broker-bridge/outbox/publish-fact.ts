import type { OutboxFact, PublishedFact } from './claim.ts';
import type { Broker } from '../nats/broker.ts';
import { encodeFact } from '../facts/cloud-events.ts';
import { reasonOf, type Log } from '../log.ts';
import { ensureFactStream } from '../nats/our-streams.ts';

/** What publishing a fact needs. */
export interface PublishOptions {
  readonly broker: Pick<Broker, 'publish' | 'connected' | 'ensureStream'>;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Having failed so often (some 3 seconds with a connection), it is an error that somebody should look at. Told once per fact. */
const oftenFailed = 6;

/**
 * Tries once to publish a fact, as soon as there is a connection; before a third try and later ones the stream, which may have been deleted, is made
 * again. Null when it failed or the signal came first: the broker may have the fact or not, and is to be asked again under the same id.
 */
export async function publishFact(
  fact: OutboxFact,
  attempt: number,
  { broker, log, signal }: PublishOptions,
): Promise<PublishedFact | null> {
  const about = { fact: fact.id, name: fact.name, key: fact.key, sequence: fact.sequence };
  const tell = (error: unknown) => log.debug({ error: reasonOf(error) }, 'The stream of facts cannot be had');
  try {
    await broker.connected(signal);
    if (attempt > 2) await ensureFactStream(broker).catch(tell);
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
