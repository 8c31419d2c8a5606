import type { OutboxFact, PublishedFact } from '../../prisma/stores/outbox.ts';
import type { Broker } from '../broker.ts';
import { encodeFact } from '../cloud-events.ts';
import { reasonOf, type Log } from '../log.ts';
import { backoff, rest } from '../rest.ts';
import { ensureFactStream } from '../streams.ts';

/** What publishing one fact to its end needs. */
export interface PublishOptions {
  readonly broker: Pick<Broker, 'publish' | 'connected' | 'ensureStream'>;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const pauses = { first: 100, longest: 5_000 };

/**
 * Publishes one fact, again and again under its id, until the broker has it; a stream that has been
 * deleted meanwhile is made again. Null when the signal came first: then the
 * broker may have it or not. Whatever is wrong with one fact holds up its key only.
 */
export async function publishToTheEnd(fact: OutboxFact, options: PublishOptions): Promise<PublishedFact | null> {
  const { broker, log, signal } = options;
  const tell = (error: unknown) => log.debug({ error: reasonOf(error) }, 'The stream of facts cannot be had');
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      const { streamSequence } = await broker.publish(encodeFact(fact));
      return { position: fact.position, streamSequence };
    } catch (error) {
      // The first failure is mostly the connection going, which is told once elsewhere.
      const details = { error: reasonOf(error), fact: fact.id, name: fact.name, key: fact.key, attempt };
      log[attempt === 1 ? 'debug' : 'warn'](details, 'A fact could not be published; trying again');
    }
    await rest(backoff(attempt, pauses), signal);
    await broker.connected(signal);
    if (attempt > 1) await ensureFactStream(broker).catch(tell);
  }
  return null;
}
