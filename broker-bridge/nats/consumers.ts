import { AckPolicy, ConsumerEvents, DeliverPolicy } from 'nats';
import type { ConsumerConfig, ConsumerMessages, JetStreamManager } from 'nats';
import type { ConsumerInfo, ConsumerSettings, Deliveries, Delivery } from './broker.ts';
import { createDeliveryQueue } from './delivery-queue.ts';
import { codes, isApiError, nanoseconds, orNull } from './api-errors.ts';
import type { NatsClient } from './client.ts';
import { toDelivery } from './messages.ts';

/** A heartbeat comes every 2 s; two missing ones end a session. */
export const pulling = { max_messages: 256, expires: 10_000, idle_heartbeat: 2_000 };

const sessionIsOver: ReadonlySet<string> = new Set([
  ConsumerEvents.HeartbeatsMissed,
  ConsumerEvents.ConsumerDeleted,
  ConsumerEvents.ConsumerNotFound,
  ConsumerEvents.StreamNotFound,
  ConsumerEvents.NoResponders,
]);

/** Opens a session of a durable consumer, and makes the consumer when it is not there. */
export async function consume(client: NatsClient, settings: ConsumerSettings): Promise<Deliveries> {
  await ensureConsumer(client.management, settings);
  const consumer = await client.jetstream.consumers.get(settings.stream, settings.name);
  const queue = createDeliveryQueue<Delivery>();
  const messages = await consumer.consume({
    ...pulling,
    max_messages: settings.ahead ?? pulling.max_messages,
    callback: (message) => queue.push(toDelivery(message, client.link)),
  });
  const spare = client.link.onceDown(() => void close());
  const close = async (fault?: Error): Promise<void> => {
    spare();
    queue.end(fault);
    await messages.close();
  };
  void endWhenBroken(messages, close);
  return { next: (most) => queue.take(most), close: () => close() };
}

async function ensureConsumer(management: JetStreamManager, settings: ConsumerSettings): Promise<void> {
  const wanted = {
    durable_name: settings.name,
    filter_subjects: [...settings.subjects],
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanoseconds(settings.acknowledgeWithin),
    // Messages that were asked for again later count too: with few, some that never can be taken would keep all others away.
    max_ack_pending: settings.maxUnacknowledged ?? 65_536,
  } satisfies Partial<ConsumerConfig>;
  await management.consumers.add(settings.stream, wanted).catch(async (error: unknown) => {
    if (!isApiError(error, codes.consumerHasOtherSettings)) throw error;
    await management.consumers.update(settings.stream, settings.name, wanted);
  });
}

/** Whatever ends the client's subscription ends the session: nothing would come any more, and nobody would know. */
async function endWhenBroken(messages: ConsumerMessages, close: (fault: Error) => Promise<void>): Promise<void> {
  void messages.closed().then((fault) => close(fault ?? new Error('The subscription of the consumer has ended.')));
  for await (const { type } of await messages.status()) {
    if (sessionIsOver.has(type)) await close(new Error(`JetStream's consumer cannot be read: ${type}.`));
  }
}

/** Where a consumer stands; null when there is none. */
export async function consumerInfo(
  management: JetStreamManager,
  stream: string,
  name: string,
): Promise<ConsumerInfo | null> {
  const info = await orNull(management.consumers.info(stream, name), codes.noSuchStream, codes.noSuchConsumer);
  return (
    info && {
      pending: info.num_pending,
      inFlight: info.num_ack_pending,
      redelivered: info.num_redelivered,
      acknowledgedTo: info.ack_floor.stream_seq,
      waitingPulls: info.num_waiting,
    }
  );
}
