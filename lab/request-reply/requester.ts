import { randomUUID } from 'node:crypto';
import {
  AckPolicy,
  createInbox,
  headers,
  type JetStreamManager,
  type JsMsg,
  type Msg,
  type NatsConnection,
} from 'nats';

/** The subject on which requests are answered. */
export const requestSubject = 'lab.request';
/** An answer repeats this header of its request. */
export const correlationHeader = 'correlation-id';
/** Replies on `lab.reply.<name>` are kept by this stream. */
export const replyStream = { name: 'LAB_REPLIES', subjects: ['lab.reply.>'] };

/** One way to send a request and get the reply that belongs to it. */
export interface Requester {
  ask(body: string): Promise<string>;
  close(): Promise<unknown>;
}

const late = 30_000;

/** Requests that wait for their replies, by correlation id. */
function waitingRequests() {
  const waiting = new Map<string, (reply: string) => void>();
  return {
    take: (reply: Msg | JsMsg) => {
      const id = reply.headers?.get(correlationHeader) ?? '';
      waiting.get(id)?.(reply.string());
      waiting.delete(id);
    },
    send: (nats: NatsConnection, replyTo: string, body: string): Promise<string> => {
      const id = randomUUID();
      const named = headers();
      named.set(correlationHeader, id);
      return answered((resolve) => {
        waiting.set(id, resolve);
        nats.publish(requestSubject, body, { reply: replyTo, headers: named });
      });
    },
  };
}

function answered(send: (resolve: (reply: string) => void) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`A reply did not come within ${late / 1_000} s.`)), late);
    send((reply) => (clearTimeout(timer), resolve(reply)));
  });
}

/** One reply subject for the whole client: the correlation id says which request a reply belongs to. */
export function byCorrelationId(nats: NatsConnection): Requester {
  const waiting = waitingRequests();
  const replyTo = createInbox();
  const subscription = nats.subscribe(replyTo, { callback: (_none, reply) => waiting.take(reply) });
  return {
    ask: (body) => waiting.send(nats, replyTo, body),
    close: async () => subscription.unsubscribe(),
  };
}

/** A temporary queue: a reply subject of its own for each request, subscribed before it and removed after it. */
export const byTemporaryQueue = (nats: NatsConnection): Requester => ({
  async ask(body) {
    const replyTo = createInbox();
    return answered((resolve) => {
      const subscription = nats.subscribe(replyTo, {
        callback: (_none, reply) => (subscription.unsubscribe(), resolve(reply.string())),
      });
      nats.publish(requestSubject, body, { reply: replyTo });
    });
  },
  close: () => Promise.resolve(),
});

/** Replies are kept by a stream. One consumer for the whole client, and correlation ids. */
export async function byDurableCorrelationId(nats: NatsConnection, management: JetStreamManager): Promise<Requester> {
  const waiting = waitingRequests();
  const replyTo = `lab.reply.${randomUUID()}`;
  const consumer = await replyQueue(nats, management, replyTo);
  const messages = await consumer.consume({
    max_messages: 2_000,
    callback: (reply) => (reply.ack(), waiting.take(reply)),
  });
  return {
    ask: (body) => waiting.send(nats, replyTo, body),
    async close() {
      await messages.close();
      await consumer.delete();
    },
  };
}

/** Replies are kept by a stream. A consumer for each request, made before it and removed after it. */
export const byDurableTemporaryQueue = (nats: NatsConnection, management: JetStreamManager): Requester => ({
  async ask(body) {
    const replyTo = `lab.reply.${randomUUID()}`;
    const consumer = await replyQueue(nats, management, replyTo);
    nats.publish(requestSubject, body, { reply: replyTo });
    const reply = await consumer.next({ expires: late });
    if (!reply) throw new Error(`A reply did not come within ${late / 1_000} s.`);
    reply.ack();
    await consumer.delete();
    return reply.string();
  },
  close: () => Promise.resolve(),
});

/** The consumer is forgotten by the server when the client dies, as a temporary queue is. */
async function replyQueue(nats: NatsConnection, management: JetStreamManager, subject: string) {
  const { name } = await management.consumers.add(replyStream.name, {
    filter_subject: subject,
    ack_policy: AckPolicy.Explicit,
    inactive_threshold: 60_000_000_000,
    mem_storage: true,
  });
  return nats.jetstream({ timeout: late }).consumers.get(replyStream.name, name);
}
