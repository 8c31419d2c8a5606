import { toBinaryMode } from '../cloud-events/content-mode.ts';
import { customerEventQueue } from '../../contracts/customer-event-queue.ts';
import { classify } from '../../contracts/initiating-events.ts';
import { caseIdOf, listenerRetries, type DeadLetter } from '../../contracts/mediators/repair.ts';
import { jsonIn } from '../../contracts/schemas/read-json.ts';
import type { CustomerEventStore } from './store/store.ts';
import type { Broker, Delivery, Message } from '../nats/broker.ts';
import type { DeadLetters } from '../dead-letter/dead-letters.ts';
import { reasonOf, type Log } from '../component.ts';
import { backoff } from '../waiting.ts';
import { advisories, advisoryConsumer, ensureAdvisoryStream } from '../nats/our-streams.ts';
import { customerInKey, nameIn } from './read-attributes.ts';
import type { EventRegistry } from './read-event.ts';

/** Advisories are read from the broker, and the messages that they name become dead letters. */
export interface AdvisoryOptions {
  readonly broker: Broker;
  readonly deadLetters: DeadLetters;
  readonly log: Log;
  readonly store: Pick<CustomerEventStore, 'noteLost'>;
  readonly registry: EventRegistry;
}

/** JetStream names a message that a consumer gave up. */
interface Advisory {
  readonly stream: string;
  readonly consumer: string;
  readonly sequence: number;
}

const pauses = { first: 1_000, longest: 30_000 };

/**
 * Sends each message to the dead letters that JetStream has given up delivering, or that a consumer terminated. Intakes
 * share the advisories. Ends with the signal, or with the connection.
 */
export async function readAdvisories(signal: AbortSignal, options: AdvisoryOptions): Promise<void> {
  const { broker } = options;
  await ensureAdvisoryStream(broker);
  const { name: stream, subjects } = advisories;
  const deliveries = await broker.consume({
    stream,
    name: advisoryConsumer,
    subjects,
    acknowledgeWithin: 30_000,
    ahead: 16,
    signal,
  });
  try {
    for (;;) {
      const [delivery] = await deliveries.next(1);
      if (!delivery) return;
      await handleAdvisory(delivery, options);
    }
  } finally {
    await deliveries.close();
  }
}

async function handleAdvisory(delivery: Delivery, options: AdvisoryOptions): Promise<void> {
  const { log } = options;
  try {
    const advisory = advisoryIn(delivery);
    if (advisory) await deadLetter(advisory, delivery, options);
    else log.warn({ sequence: delivery.streamSequence }, 'An advisory of JetStream names no message; it is left out');
    await delivery.acknowledge();
  } catch (error) {
    log.warn({ error: reasonOf(error) }, 'An advisory of JetStream could not be handled; it is delivered again later');
    delivery.postpone(backoff(delivery.timesDelivered, pauses));
  }
}

async function deadLetter(advisory: Advisory, delivery: Delivery, options: AdvisoryOptions): Promise<void> {
  const { broker, deadLetters } = options;
  const { stream, sequence } = advisory;
  const info = await broker.streamInfo(stream);
  // When the message is gone, the advisory stands in its place.
  const given = await broker.message(stream, sequence);
  const message = given && toBinaryMode(given);
  const created = info?.created ?? new Date(0).toISOString();
  const event = lostLetter(advisory, message ?? delivery, created);
  const name = nameIn(event.subject);
  const mediatorClass = classify(name, options.registry.catalogue)?.mediatorClass ?? null;
  const lost = { ...event, sequence, name, mediatorClass };
  const isOfTheQueue = stream === customerEventQueue.stream;
  if (!isOfTheQueue || (await options.store.noteLost(lost))) {
    await deadLetters.send(event, false);
  }
  if (message && workQueues.has(stream)) await broker.remove(stream, sequence);
}

const workQueues: ReadonlySet<string> = new Set([customerEventQueue.stream, listenerRetries.stream]);

function lostLetter(advisory: Advisory, message: Message, streamCreated: string): DeadLetter {
  const { stream, sequence: streamSequence } = advisory;
  const consumer =
    stream === customerEventQueue.stream ? customerEventQueue.consumer : `listener:${listenerOf(advisory)}`;
  return {
    caseId: caseIdOf({ consumer, streamCreated, streamSequence }),
    consumer,
    subject: message.subject,
    headers: message.headers,
    body: message.data,
    streamSequence,
    reason: 'advisory',
    message: 'JetStream has given up delivering this message, or its consumer has refused it for good.',
    problems: [],
    customerId: customerInKey(message),
  };
}

/** A listener's consumers have its name; that of its repaired facts ends with `-retry`. */
const listenerOf = ({ consumer }: Advisory): string => consumer.replace(/-retry$/, '');

function advisoryIn({ data }: Message): Advisory | undefined {
  const given = (jsonIn(new TextDecoder().decode(data)) ?? {}) as Record<string, unknown>;
  const { stream, consumer, stream_seq: sequence } = given;
  if (typeof stream !== 'string' || typeof consumer !== 'string' || typeof sequence !== 'number') return undefined;
  return { stream, consumer, sequence };
}
