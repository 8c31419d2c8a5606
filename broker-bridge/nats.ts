import { readFile } from 'node:fs/promises';
import * as nats from 'nats';
import type { Broker, ConsumerSettings, Deliveries, Delivery, FollowSettings, Held, Message } from './broker.ts';
import type { StreamSettings } from './broker.ts';
import { createDeliveryQueue } from './delivery-queue.ts';
import { watchLink, whileUp, type Link } from './link.ts';
import type { Log } from './log.ts';
import { rest } from './rest.ts';

/** Where NATS is, and what our connection is called there. */
export interface BrokerOptions {
  readonly url: string;
  /** Path of a credentials file. */
  readonly creds?: string | undefined;
  readonly name: string;
  readonly log: Log;
}

interface Client {
  readonly jetstream: nats.JetStreamClient;
  readonly management: nats.JetStreamManager;
  readonly link: Link;
}

const answerWithin = 5_000;
/** A server that has just come back may not answer at all; asking again costs nothing. */
const confirmWithin = 2_000;
const nanoseconds = (milliseconds: number): number => milliseconds * 1_000_000;
/** JetStream's error codes. */
const codes = { streamHasOtherSettings: 10058, consumerHasOtherSettings: 10148, noSuchMessage: 10037 };
/** A heartbeat comes every 2 s; two missing ones end a session. */
const pulling = { max_messages: 256, expires: 10_000, idle_heartbeat: 2_000 };
const sessionIsOver: ReadonlySet<string> = new Set([
  nats.ConsumerEvents.HeartbeatsMissed,
  nats.ConsumerEvents.ConsumerDeleted,
  nats.ConsumerEvents.ConsumerNotFound,
  nats.ConsumerEvents.StreamNotFound,
  nats.ConsumerEvents.NoResponders,
]);

/** Connects, and waits for the server as long as it takes; from then on the connection comes back by itself, for ever. */
export async function connectBroker({ url, creds, name, log }: BrokerOptions): Promise<Broker> {
  const authenticator = creds ? { authenticator: nats.credsAuthenticator(await readFile(creds)) } : {};
  const notYet = setTimeout(() => log.warn({ name }, 'NATS does not answer; waiting for it'), 2_000);
  const connection = await nats
    .connect({
      servers: url,
      name,
      ...authenticator,
      maxReconnectAttempts: -1,
      waitOnFirstConnect: true,
      reconnectTimeWait: 250,
      pingInterval: 10_000,
    })
    .finally(() => clearTimeout(notYet));
  const link = watchLink(connection.status(), () => connection.getServer(), log);
  const management = await connection.jetstreamManager({ checkAPI: false, timeout: answerWithin });
  return brokerOn(connection, { link, management, jetstream: connection.jetstream({ timeout: answerWithin }) });
}

function brokerOn(connection: nats.NatsConnection, client: Client): Broker {
  const { jetstream, management, link } = client;
  return {
    connected: (signal) => link.up(signal),
    /** Without a connection the client would keep the message and send it some time later: we would rather know at once. */
    async publish({ id, subject, data, headers }) {
      const options = { msgID: id, headers: toNatsHeaders(headers), timeout: confirmWithin };
      const confirmed = await whileUp(link, () => jetstream.publish(subject, data, options));
      return { streamSequence: confirmed.seq };
    },
    ensureStream: (settings) => ensureStream(management, settings),
    consume: (settings) => consume(client, settings),
    follow: (settings) => follow(client, settings),
    held: (stream, subject) => held(management, stream, subject),
    async close() {
      if (connection.isClosed()) return;
      const drained = new AbortController();
      const drain = () => connection.drain().finally(() => drained.abort());
      if (link.isUp) await Promise.race([drain(), rest(answerWithin, drained.signal)]);
      await connection.close();
    },
  };
}

const isApiError = (error: unknown, code: number): boolean =>
  error instanceof nats.NatsError && error.api_error?.err_code === code;

async function ensureStream(management: nats.JetStreamManager, settings: StreamSettings): Promise<void> {
  const wanted = {
    name: settings.name,
    subjects: [...settings.subjects],
    retention: nats.RetentionPolicy.Limits,
    storage: nats.StorageType.File,
    discard: nats.DiscardPolicy.Old,
    max_age: nanoseconds(settings.maxAgeDays * 24 * 60 * 60 * 1_000),
    duplicate_window: nanoseconds(settings.duplicateWindowSeconds * 1_000),
    allow_direct: true,
  } satisfies Partial<nats.StreamConfig>;
  await management.streams.add(wanted).catch(async (error: unknown) => {
    if (!isApiError(error, codes.streamHasOtherSettings)) throw error;
    // The client merges: what an operator has set besides (replicas, placement) stays.
    await management.streams.update(settings.name, wanted);
  });
}

async function ensureConsumer(management: nats.JetStreamManager, settings: ConsumerSettings): Promise<void> {
  const wanted = {
    durable_name: settings.name,
    filter_subjects: [...settings.subjects],
    ack_policy: nats.AckPolicy.Explicit,
    deliver_policy: nats.DeliverPolicy.All,
    ack_wait: nanoseconds(settings.acknowledgeWithin),
    // Messages that were asked for again later count too: with few, some that never can be taken would keep all others away.
    max_ack_pending: 65_536,
  } satisfies Partial<nats.ConsumerConfig>;
  await management.consumers.add(settings.stream, wanted).catch(async (error: unknown) => {
    if (!isApiError(error, codes.consumerHasOtherSettings)) throw error;
    await management.consumers.update(settings.stream, settings.name, wanted);
  });
}

async function consume(client: Client, settings: ConsumerSettings): Promise<Deliveries> {
  await ensureConsumer(client.management, settings);
  const consumer = await client.jetstream.consumers.get(settings.stream, settings.name);
  const queue = createDeliveryQueue<Delivery>();
  const messages = await consumer.consume({
    ...pulling,
    callback: (message) => queue.push(toDelivery(message, client.link)),
  });
  const spare = client.link.onceDown(() => void close());
  const close = async (): Promise<void> => {
    spare();
    queue.end();
    await messages.close();
  };
  void endWhenBroken(messages, close);
  return { next: (most) => queue.take(most), close };
}

async function endWhenBroken(messages: nats.ConsumerMessages, close: () => Promise<void>): Promise<void> {
  for await (const { type } of await messages.status()) if (sessionIsOver.has(type)) await close();
}

async function* follow(client: Client, { stream, subjects, since, signal }: FollowSettings): AsyncGenerator<Message> {
  const { state } = await client.management.streams.info(stream);
  const consumer = await client.jetstream.consumers.get(stream, {
    filterSubjects: [...subjects],
    opt_start_seq: since === 'now' ? state.last_seq + 1 : Math.max(1, state.first_seq),
  });
  const messages = await consumer.consume({ ...pulling }); // the client writes into what it is given
  const end = () => void messages.close();
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted) end();
  try {
    for await (const message of messages) yield toMessage(message);
  } finally {
    signal?.removeEventListener('abort', end);
    await messages.close();
  }
}

async function held(management: nats.JetStreamManager, stream: string, subject: string): Promise<Held | null> {
  const { state } = await management.streams.info(stream);
  // The client's types do not know that the server takes a subject to begin with here.
  const query = { seq: Math.max(1, state.first_seq), next_by_subj: subject } as nats.MsgRequest;
  const found = await management.streams.getMessage(stream, query).catch((error: unknown) => {
    if (isApiError(error, codes.noSuchMessage)) return null;
    throw error;
  });
  return found ? { earliest: found.seq, streamStartsAt: state.first_seq } : null;
}

const toNatsHeaders = (given: Readonly<Record<string, string>>): nats.MsgHdrs => {
  const made = nats.headers();
  for (const [name, value] of Object.entries(given)) made.set(name, value);
  return made;
};

const toMessage = (message: nats.JsMsg): Message => ({
  subject: message.subject,
  headers: Object.fromEntries([...(message.headers ?? [])].map(([name, values]) => [name, values[0] ?? ''])),
  data: message.data,
});

const toDelivery = (message: nats.JsMsg, link: Link): Delivery => ({
  ...toMessage(message),
  streamSequence: message.seq,
  timesDelivered: message.info.deliveryCount,
  async acknowledge() {
    const isFirst = await whileUp(link, () => message.ackAck({ timeout: confirmWithin }));
    if (!isFirst) throw new Error('The delivery was acknowledged before.');
  },
  postpone: (milliseconds) => message.nak(milliseconds),
});
