import { AckPolicy, ConsumerEvents, DeliverPolicy } from 'nats';
import type { ConsumerConfig, ConsumerInfo as JetStreamConsumer, ConsumerMessages, JetStreamManager } from 'nats';
import type { Beginning, ConsumerInfo, ConsumerSettings, Deliveries, Delivery } from './broker.ts';
import { codes, isApiError, isNotAllowed, nanoseconds, orNull } from './api-errors.ts';
import { createNotifier } from '../waiting.ts';
import type { NatsClient } from './link.ts';
import { toDelivery } from './messages.ts';
import { firstSince, fits, notThere } from './streams.ts';

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
  const { stream, name, ahead = pulling.max_messages, isConfirmed = true, signal } = settings;
  if (settings.isAnew) await orNull(client.management.consumers.delete(stream, name), codes.noSuchConsumer);
  await ensureConsumer(client, settings);
  const consumer = await client.jetstream.consumers.get(stream, name);
  const queue = new DeliveryQueue();
  const messages = await consumer.consume({
    ...pulling,
    max_messages: ahead,
    callback: (message) => queue.push(toDelivery(message, client, isConfirmed)),
  });
  const end = async (fault?: Error): Promise<void> => {
    forgetLink();
    signal?.removeEventListener('abort', close);
    queue.end(fault);
    await messages.close();
  };
  const close = (): void => void end();
  const forgetLink = client.link.onceDown(close);
  signal?.addEventListener('abort', close, { once: true });
  if (signal?.aborted) close();
  void endWhenBroken(messages, end);
  return { next: (most) => queue.read(most), close: () => end() };
}

/** Keeps the deliveries that came until one reader takes them, in order. */
class DeliveryQueue {
  readonly #changes = createNotifier();
  readonly #deliveries: Promise<Delivery>[] = [];
  #hasEnded = false;
  #fault: Error | undefined;

  push(delivery: Promise<Delivery>): void {
    delivery.catch(() => undefined); // the reader is told
    this.#deliveries.push(delivery);
    this.#changes.notify();
  }

  /** No more deliveries come; those that are here can still be read. Only the first end counts. */
  end(fault?: Error): void {
    if (!this.#hasEnded) this.#fault = fault;
    this.#hasEnded = true;
    this.#changes.notify();
  }

  /**
   * Waits for at least one delivery. After the end of an empty queue it resolves with none, or rejects with the fault.
   */
  async read(most: number): Promise<readonly Delivery[]> {
    while (this.#deliveries.length === 0 && !this.#hasEnded) await this.#changes.next(60_000);
    if (this.#deliveries.length === 0 && this.#fault) throw this.#fault;
    return Promise.all(this.#deliveries.splice(0, most));
  }
}

/**
 * Makes the consumer, or brings the one that is there to these settings. A user that may do neither goes on with it.
 */
export async function ensureConsumer(client: NatsClient, settings: ConsumerSettings): Promise<void> {
  const { management } = client;
  const { stream, name, subjects, acknowledgeWithin } = settings;
  const wanted = {
    durable_name: name,
    filter_subjects: [...subjects],
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanoseconds(acknowledgeWithin),
    // Postponed messages count too: with a low limit, a few that can never be processed would keep all others away.
    max_ack_pending: 65_536,
  } satisfies Partial<ConsumerConfig>;
  const there = await orNull(management.consumers.info(stream, name), codes.noSuchStream, codes.noSuchConsumer);
  if (there && fits(there.config, wanted)) return;
  try {
    await makeConsumer(client, settings, wanted);
  } catch (error) {
    if (!isNotAllowed(error)) throw error;
    if (!there) throw notThere(`The stream ${stream} has no consumer ${name}`, error);
  }
}

async function makeConsumer(
  client: NatsClient,
  settings: ConsumerSettings,
  wanted: Partial<ConsumerConfig>,
): Promise<void> {
  const { management } = client;
  const start = await startOf(client, settings.stream, settings.begins);
  await management.consumers.add(settings.stream, { ...wanted, ...start }).catch(async (error: unknown) => {
    if (!isApiError(error, codes.consumerHasOtherSettings)) throw error;
    await management.consumers.update(settings.stream, settings.name, wanted);
  });
}

/** The first message is written into the consumer, so that it stays the first one whenever that is asked. */
async function startOf(client: NatsClient, stream: string, begins: Beginning = 'oldest') {
  if (begins === 'oldest') return { deliver_policy: DeliverPolicy.All };
  const from = begins === 'now' ? null : begins.from;
  return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: await firstSince(client, stream, from) };
}

/** Ends the session with the client's subscription, which would otherwise end in silence. */
async function endWhenBroken(messages: ConsumerMessages, close: (fault: Error) => Promise<void>): Promise<void> {
  void messages.closed().then((fault) => close(fault ?? new Error('The subscription of the consumer has ended.')));
  for await (const { type } of await messages.status()) {
    if (sessionIsOver.has(type)) await close(new Error(`JetStream's consumer cannot be read: ${type}.`));
  }
}

/** The consumer's progress; null when there is no such stream or consumer. */
export async function consumerInfo(
  management: JetStreamManager,
  stream: string,
  name: string,
): Promise<ConsumerInfo | null> {
  const info = await orNull(management.consumers.info(stream, name), codes.noSuchStream, codes.noSuchConsumer);
  return info && progressOf(info);
}

const progressOf = (info: JetStreamConsumer): ConsumerInfo => ({
  pending: info.num_pending,
  inFlight: info.num_ack_pending,
  redelivered: info.num_redelivered,
  acknowledgedTo: info.ack_floor.stream_seq,
  beginsAt: info.config.opt_start_seq ?? 1,
  pausedUntil: info.paused ? (info.config.pause_until ?? null) : null,
  waitingPulls: info.num_waiting,
});

/** The durable consumers of a stream by name; none when there is no such stream. */
export async function durableConsumers(
  management: JetStreamManager,
  stream: string,
): Promise<ReadonlyMap<string, ConsumerInfo>> {
  if (!(await orNull(management.streams.info(stream), codes.noSuchStream))) return new Map();
  const durable = new Map<string, ConsumerInfo>();
  for await (const info of management.consumers.list(stream))
    if (info.config.durable_name) durable.set(info.name, progressOf(info));
  return durable;
}

/** Makes a consumer anew with its own settings and another beginning. */
export async function rewind(client: NatsClient, stream: string, name: string, from: string | null): Promise<void> {
  const { management } = client;
  const { config } = await management.consumers.info(stream, name);
  const { opt_start_seq: _sequence, opt_start_time: _time, pause_until: _pause, ...kept } = config;
  const start = await startOf(client, stream, from === null ? 'oldest' : { from });
  await management.consumers.delete(stream, name);
  await management.consumers.add(stream, { ...kept, ...start });
}
