import { readFile } from 'node:fs/promises';
import * as nats from 'nats';
import type { Broker, FollowSettings, Message } from './broker.ts';
import { watchLink, whileUp, type NatsClient } from './link.ts';
import type { Log } from '../component.ts';
import { consume, consumerInfo, durableConsumers, ensureConsumer, pulling, rewind } from './consumers.ts';
import { toNatsHeaders } from './headers.ts';
import { hear, held, replaceLast } from './last-values.ts';
import { answerWithin, confirmWithin, messageAt, refusalOf, toMessage } from './messages.ts';
import { serve } from './service.ts';
import { ensureStream, oldest, removedSequences, removeMessage, streamInfo } from './streams.ts';
import { inboxOf } from './users.ts';
import { sleep } from '../waiting.ts';

/** The server's address, and the name that our connection has there. */
export interface BrokerOptions {
  readonly url: string;
  /** Path of a credentials file. */
  readonly creds?: string | undefined;
  /** Paths of the authority that the server is checked by, and of our own certificate and its key. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly name: string;
  /** The user, whose answers come to an inbox of its own (`inboxOf`); the name by default. */
  readonly identity?: string;
  readonly log: Log;
}

/** Connects, and waits for the server as long as it takes. A connection that is lost later comes back by itself. */
export async function connectBroker(options: BrokerOptions): Promise<Broker> {
  const { url, creds, name, identity = name, log } = options;
  const { host, login } = serverAt(url);
  const authenticator = creds ? { authenticator: nats.credsAuthenticator(await readFile(creds)) } : login;
  const notYet = setTimeout(() => log.warn({ name }, 'NATS does not answer; waiting for it'), 2_000);
  const connection = await nats
    .connect({
      servers: host,
      name,
      ...authenticator,
      ...encryption(options),
      inboxPrefix: inboxOf(identity),
      maxReconnectAttempts: -1,
      waitOnFirstConnect: true,
      reconnectTimeWait: 250,
      pingInterval: 10_000,
      // Otherwise each publish and acknowledgement records two stack traces, for an error that it hardly ever has.
      noAsyncTraces: true,
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

/** TLS is used when a file or the address asks for it, and whenever the server does. */
function encryption({ url, ca, cert, key }: BrokerOptions): Pick<nats.ConnectionOptions, 'tls'> {
  const files = {
    ...(ca ? { caFile: ca } : {}),
    ...(cert ? { certFile: cert } : {}),
    ...(key ? { keyFile: key } : {}),
  };
  return Object.keys(files).length > 0 || url.startsWith('tls:') ? { tls: files } : {};
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
    ensureConsumer: (settings) => ensureConsumer(client, settings),
    consume: (settings) => consume(client, settings),
    follow: (settings) => follow(client, settings),
    streamInfo: (stream) => streamInfo(management, stream),
    removedSequences: (stream) => removedSequences(management, stream),
    consumerInfo: (stream, consumer) => consumerInfo(management, stream, consumer),
    consumers: (stream) => durableConsumers(management, stream),
    pause: async (stream, consumer, until) =>
      void (await management.consumers.pause(stream, consumer, new Date(until))),
    resume: async (stream, consumer) => void (await management.consumers.resume(stream, consumer)),
    rewind: (stream, consumer, from) => rewind(client, stream, consumer, from),
    message: (stream, sequence) => messageAt(client, stream, sequence),
    remove: (stream, sequence) => removeMessage(management, stream, sequence),
    oldest: (stream, subject, from) => oldest(client, stream, subject, from),
    replaceLast: (message, instead) => replaceLast(client, message, instead),
    held: (stream, subject) => held(client, stream, subject),
    hear: (subject, signal) => hear(client, subject, signal),
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
  { stream, subjects, since, endsNow, signal }: FollowSettings,
): AsyncGenerator<Message> {
  const { state } = await client.management.streams.info(stream);
  if (endsNow && state.messages === 0) return;
  const [only, ...further] = subjects;
  // With several, the client would make the consumer without its name in the subject, which only an administrator may.
  const filter = only && further.length === 0 ? { filterSubjects: only } : {};
  const consumer = await client.jetstream.consumers.get(stream, {
    ...filter,
    opt_start_seq: since === 'now' ? state.last_seq + 1 : Math.max(1, state.first_seq),
  });
  const messages = await consumer.consume({ ...pulling }); // the client writes into what it is given
  const end = () => void messages.close();
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted) end();
  try {
    for await (const message of messages) {
      if (isOn(message.subject, subjects)) yield await toMessage(message, client);
      if (endsNow && (message.info.pending === 0 || message.seq >= state.last_seq)) return;
    }
  } finally {
    signal?.removeEventListener('abort', end);
    await messages.close();
  }
}

/** True for a subject that one of the patterns stands for. */
const isOn = (subject: string, patterns: readonly string[]): boolean => {
  const tokens = subject.split('.');
  return patterns.some((pattern) => {
    const wanted = pattern.split('.');
    const isOpen = wanted.at(-1) === '>';
    const fixed = isOpen ? wanted.slice(0, -1) : wanted;
    if (isOpen ? tokens.length < wanted.length : tokens.length !== wanted.length) return false;
    return fixed.every((token, index) => token === '*' || token === tokens[index]);
  });
};
