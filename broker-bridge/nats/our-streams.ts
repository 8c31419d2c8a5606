import { customerEventQueue } from '../../contracts/customer-event-queue.ts';
import { factStream } from '../../contracts/facts.ts';
import { listenerRetries } from '../../contracts/mediators/repair.ts';
import { priceStream } from '../../contracts/outside/prices.ts';
import { supplierDeliveries } from '../../contracts/outside/supplier-deliveries.ts';
import type { Broker, ConsumerSettings, StreamSettings, WorkQueueStream } from './broker.ts';
import { reasonOf, type Log } from '../component.ts';

/**
 * The stream of facts. It keeps a fact once that is sent again within the duplicate window; later repeats are dropped
 * by the listeners.
 */
const factStreamSettings: StreamSettings = { ...factStream, keeps: 'broadcast', duplicateWindowSeconds: 120 };

/** The queue of initiating events. */
const customerEventSettings: WorkQueueStream = {
  name: customerEventQueue.stream,
  subjects: customerEventQueue.subjects,
  keeps: 'work-queue',
  duplicateWindowSeconds: customerEventQueue.duplicateWindowSeconds,
  maxBytes: customerEventQueue.maxBytes,
  maxMessages: customerEventQueue.maxMessages,
};

/** Repaired facts on their way back to the listener that could not take them. */
const listenerRetrySettings: WorkQueueStream = {
  name: listenerRetries.stream,
  subjects: listenerRetries.subjects,
  keeps: 'work-queue',
  duplicateWindowSeconds: 120,
  maxBytes: 256 * 1024 * 1024,
  maxMessages: 100_000,
};

/** The last price of each title. A repeat is known by the place of its fact, and not by an id. */
const priceStreamSettings: StreamSettings = { ...priceStream, keeps: 'last-values', duplicateWindowSeconds: 120 };

/** The supplier's deliveries on their way in. A repeat is known by the delivery's id in PostgreSQL. */
const deliveryStreamSettings: WorkQueueStream = {
  name: supplierDeliveries.stream,
  subjects: supplierDeliveries.subjects,
  keeps: 'work-queue',
  // The least that the server takes: one that is sent back by a person may have an id of before.
  duplicateWindowSeconds: 0.1,
  maxBytes: supplierDeliveries.maxBytes,
  maxMessages: supplierDeliveries.maxMessages,
};

/** The durable consumer of the deliveries. */
export const deliveryConsumer: ConsumerSettings = {
  stream: supplierDeliveries.stream,
  name: supplierDeliveries.consumer,
  subjects: supplierDeliveries.subjects,
  acknowledgeWithin: 15_000,
  ahead: 32,
};

const consumedStreams = [customerEventQueue.stream, factStream.name, listenerRetries.stream];

/** JetStream's own messages about messages that a consumer gave up. */
export const advisories = {
  name: 'ADVISORIES',
  subjects: ['MAX_DELIVERIES', 'MSG_TERMINATED'].flatMap((kind) =>
    consumedStreams.map((stream) => `$JS.EVENT.ADVISORY.CONSUMER.${kind}.${stream}.>`),
  ),
} as const;

/** The durable consumer of the advisories, which intakes share. */
export const advisoryConsumer = 'advisories';

/** Makes the stream of facts when it is not there. Safe to repeat, and at once from several processes. */
export const ensureFactStream = (broker: Pick<Broker, 'ensureStream'>): Promise<void> =>
  broker.ensureStream(factStreamSettings);

/**
 * Makes the queue of initiating events when it is not there. The limits count only then: an existing queue keeps its
 * own.
 */
export const ensureCustomerEventStream = (
  broker: Pick<Broker, 'ensureStream'>,
  limits: Partial<Pick<WorkQueueStream, 'maxBytes' | 'maxMessages'>> = {},
): Promise<void> => broker.ensureStream({ ...customerEventSettings, ...limits });

/** Makes the stream on which listeners get their repaired facts back, when it is not there. */
export const ensureListenerRetryStream = (broker: Pick<Broker, 'ensureStream'>): Promise<void> =>
  broker.ensureStream(listenerRetrySettings);

/** Makes the stream of advisories when it is not there. */
export const ensureAdvisoryStream = (broker: Pick<Broker, 'ensureStream'>): Promise<void> =>
  broker.ensureStream({ ...advisories, keeps: 'broadcast', maxAgeDays: 30, duplicateWindowSeconds: 120 });

/** Makes the stream of last prices when it is not there. */
export const ensurePriceStream = (broker: Pick<Broker, 'ensureStream'>): Promise<void> =>
  broker.ensureStream(priceStreamSettings);

/** Makes the stream of deliveries when it is not there. */
export const ensureDeliveryStream = (broker: Pick<Broker, 'ensureStream'>): Promise<void> =>
  broker.ensureStream(deliveryStreamSettings);

/** Makes every stream that is not there. */
export async function ensureStreams(broker: Pick<Broker, 'ensureStream'>): Promise<void> {
  await ensureFactStream(broker);
  await ensureCustomerEventStream(broker);
  await ensureListenerRetryStream(broker);
  await ensureAdvisoryStream(broker);
  await ensurePriceStream(broker);
  await ensureDeliveryStream(broker);
}

interface Varz {
  readonly jetstream?: { readonly config?: { readonly sync_always?: boolean; readonly sync_interval?: number } };
}

/**
 * Warns when a confirmed message may not be on the server's disk yet: by default NATS syncs every two minutes. A
 * monitor that cannot be reached is logged at the debug level only, because foreign servers often have none.
 */
export async function warnUnlessSynced(monitorUrl: string, log: Log): Promise<void> {
  const varz = await readVarz(monitorUrl, log);
  const jetstream = varz?.jetstream?.config;
  if (!jetstream || jetstream.sync_always) return;
  const seconds = (jetstream.sync_interval ?? 0) / 1e9;
  log.warn({ seconds }, 'NATS confirms messages before they are on disk: set jetstream.sync_interval to always');
}

async function readVarz(monitorUrl: string, log: Log): Promise<Varz | null> {
  try {
    const answer = await fetch(new URL('/varz', monitorUrl), { signal: AbortSignal.timeout(2_000) });
    return (await answer.json()) as Varz;
  } catch (error) {
    log.debug({ error: reasonOf(error) }, 'The monitor of NATS does not answer: it is not known when it syncs to disk');
    return null;
  }
}
