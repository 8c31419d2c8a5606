import { readFile } from 'node:fs/promises';
import * as nats from 'nats';
import type { Broker, FollowSettings, Message } from './broker.ts';
import { watchLink, whileUp, type NatsClient } from './link.ts';
import type { Log } from '../component.ts';
import { consume, consumerInfo, consumersOf, pulling, rewind } from './consumers.ts';
import { toNatsHeaders } from './headers.ts';
import { answerWithin, confirmWithin, messageAt, refusalOf, toMessage } from './messages.ts';
import { serve } from './service.ts';
import { ensureStream, oldest, removeMessage, streamInfo } from './streams.ts';
import { sleep } from '../waiting.ts';

/** The server's address, and the name that our connection has there. */
export interface BrokerOptions {
  readonly url: string;
  /** Path of a credentials file. */
  readonly creds?: string | undefined;
  readonly name: string;
  readonly log: Log;
}

/** Connects, and waits for the server as long as it takes. A connection that is lost later comes back by itself. */
export async function connectBroker({ url, creds, name, log }: BrokerOptions): Promise<Broker> {
  const { host, login } = serverAt(url);
  const authenticator = creds ? { authenticator: nats.credsAuthenticator(await readFile(creds)) } : login;
  const notYet = setTimeout(() => log.warn({ name }, 'NATS does not answer; waiting for it'), 2_000);
  const connection = await nats
    .connect({
      servers: host,
      name,
      ...authenticator,
      maxReconnectAttempts: -1,
      waitOnFirstConnect: true,
      reconnectTimeWait: 250,
      pingInterval: 10_000,
    })
    .catch((error: unknown) => {
      throw refusesUs.some((code) => code === (error as nats.NatsError).code) ? notLetIn(host, error) : error;
    })
    .finally(() => clearTimeout(notYet));
  const link = watchLink(connection.status(), () => connection.getServer(), log);
  const management = await connection.jetstreamManager({ checkAPI: false, timeout: answerWithin });
  return brokerOn({ connection, link, management, jetstream: connection.jetstream({ timeout: answerWithin }) });
}

/** The client reads no login from a URL; `user:password@`, or a token alone, is what every NATS tool takes. */
function serverAt(url: string) {
  const parsed = new URL(url);
  const [user, pass] = [parsed.username, parsed.password].map(decodeURIComponent);
  parsed.username = '';
  parsed.password = '';
  return { host: parsed.href, login: pass ? { user, pass } : user ? { token: user } : {} };
}

const refusesUs: readonly string[] = [nats.ErrorCode.AuthorizationViolation, nats.ErrorCode.AuthenticationExpired];

const notLetIn = (host: string, cause: unknown): Error =>
  new Error(`NATS at ${host} does not let us in: set NATS_CREDS, or user and password in NATS_URL.`, { cause });

function brokerOn(client: NatsClient): Broker {
  const { connection, jetstream, management, link } = client;
  return {
    connected: (signal) => link.up(signal),
    onceDown: (listener) => link.onceDown(listener),
    /**
     * Rejects at once without a connection: the client by itself would keep the message and send it some time later.
     */
    async publish({ id, subject, data, headers }) {
      const options = { msgID: id, headers: toNatsHeaders(headers), timeout: confirmWithin };
      const publish = () => jetstream.publish(subject, data, options);
      const confirmed = await whileUp(link, publish).catch((error: unknown) => {
        throw refusalOf(error) ?? error;
      });
      return { streamSequence: confirmed.seq };
    },
    ensureStream: (settings) => ensureStream(management, settings),
    consume: (settings) => consume(client, settings),
    follow: (settings) => follow(client, settings),
    streamInfo: (stream) => streamInfo(management, stream),
    consumerInfo: (stream, consumer) => consumerInfo(management, stream, consumer),
    consumers: (stream) => consumersOf(management, stream),
    pause: async (stream, consumer, until) =>
      void (await management.consumers.pause(stream, consumer, new Date(until))),
    resume: async (stream, consumer) => void (await management.consumers.resume(stream, consumer)),
    rewind: (stream, consumer, from) => rewind(management, stream, consumer, from),
    message: (stream, sequence) => messageAt(client, stream, sequence),
    remove: (stream, sequence) => removeMessage(management, stream, sequence),
    oldest: (stream, subject, from) => oldest(client, stream, subject, from),
    serve: (settings) => serve(client, settings),
    async close() {
      if (connection.isClosed()) return;
      const drained = new AbortController();
      const drain = () => connection.drain().finally(() => drained.abort());
      if (link.isUp) await Promise.race([drain(), sleep(answerWithin, drained.signal)]);
      await connection.close();
    },
  };
}

async function* follow(
  client: NatsClient,
  { stream, subjects, since, signal }: FollowSettings,
): AsyncGenerator<Message> {
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
    for await (const message of messages) yield await toMessage(message, client);
  } finally {
    signal?.removeEventListener('abort', end);
    await messages.close();
  }
}
