import { factStream } from '../../contracts/facts.ts';
import { listenerRetries, listenerRetrySubject } from '../../contracts/mediators/repair.ts';
import { isInstant } from '../../contracts/reading/instant.ts';
import type { Broker, ConsumerSettings } from '../nats/broker.ts';
import { deliveryConsumer, ensureStreams } from '../nats/our-streams.ts';
import type { ListenerRights } from '../nats/users.ts';
import { subjectsOf, type Listener } from './listener.ts';

type Declared = Pick<Listener, 'name' | 'reads' | 'follows' | 'begins'>;

/** In milliseconds. */
const acknowledgeWithin = 10_000;

/** The durable consumers of a listener: one of facts, and one of the repaired facts that come back to it alone. */
export function consumersOf(listener: Declared) {
  const { name, begins } = listener;
  if (typeof begins === 'object' && !isInstant(begins.from))
    throw new Error(`The listener ${name} must begin at an instant, as in { from: '2026-11-23T00:00:00Z' }.`);
  const facts: ConsumerSettings = {
    stream: factStream.name,
    name,
    subjects: subjectsOf(listener),
    acknowledgeWithin,
    isConfirmed: false, // the inbox drops what comes again
    ...(begins ? { begins } : {}),
  };
  const retries: ConsumerSettings = {
    stream: listenerRetries.stream,
    name,
    subjects: [listenerRetrySubject(name)],
    acknowledgeWithin,
  };
  return { facts, retries };
}

/**
 * Makes the streams, and the consumers of these listeners and of the deliveries, where they are not there. Safe to
 * repeat. After it, components and listeners need no right to make any.
 */
export async function prepareBroker(
  broker: Pick<Broker, 'ensureStream' | 'ensureConsumer'>,
  listeners: readonly Declared[],
): Promise<void> {
  await ensureStreams(broker);
  const consumers = listeners.map(consumersOf).flatMap(({ facts, retries }) => [facts, retries]);
  await Promise.all([...consumers, deliveryConsumer].map((consumer) => broker.ensureConsumer(consumer)));
}

/** The rights of a listener at NATS, by what it declares. */
export const rightsOf = ({ name, sends = [] }: Pick<Listener, 'name' | 'sends'>): ListenerRights => ({
  name,
  sends: sends.includes('customer-event-queue'),
  sendsPrices: sends.includes('prices'),
});
