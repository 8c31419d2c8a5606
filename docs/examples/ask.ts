// Asks the shop over NATS, in both ways. Copy what you need; the only package is "nats".
import { randomUUID } from 'node:crypto';
import { createInbox, headers, NatsError, type Msg, type NatsConnection } from 'nats';

/** By a temporary inbox: the library makes a reply subject for this question alone. */
export async function askByInbox(
  nats: NatsConnection,
  question: string,
  body: object,
  withinMs = 15_000,
): Promise<unknown> {
  const subject = `orders.ask.${question}`;
  const reply = await nats.request(subject, JSON.stringify(body), { timeout: withinMs }).catch((error: unknown) => {
    const code = error instanceof NatsError ? error.code : '';
    throw code === '503' ? nobody(subject) : code === 'TIMEOUT' ? late(subject) : error;
  });
  return valueOf(reply);
}

/** By a shared reply queue: every question names one reply subject, and its correlation id says whose answer it is. */
export function openReplyQueue(nats: NatsConnection, replyTo = createInbox()) {
  const waiting = new Map<string, { readonly subject: string; settle(reply: Msg | Error): void }>();
  const take = (reply: Msg) => {
    waiting.get(reply.headers?.get('correlation-id') ?? '')?.settle(reply); // any other is late, or another asker's
    if (reply.headers?.code !== 503) return;
    const unserved = reply.headers.get('Nats-Subject'); // the server's word that nobody serves it has no correlation id
    for (const { subject, settle } of waiting.values()) if (subject === unserved) settle(nobody(subject));
  };
  const subscription = nats.subscribe(replyTo, { callback: (_none, reply) => take(reply) });
  const askByQueue = async (question: string, body: object, withinMs = 15_000): Promise<unknown> => {
    const [id, subject, named] = [randomUUID(), `orders.ask.${question}`, headers()];
    named.set('correlation-id', id);
    const reply = await new Promise<Msg | Error>((resolve) => {
      const timer = setTimeout(() => settle(late(subject)), withinMs);
      const settle = (found: Msg | Error) => (clearTimeout(timer), waiting.delete(id), resolve(found));
      waiting.set(id, { subject, settle });
      nats.publish(subject, JSON.stringify(body), { reply: replyTo, headers: named });
    });
    if (reply instanceof Error) throw reply;
    return valueOf(reply);
  };
  return { ask: askByQueue, close: () => subscription.unsubscribe() };
}

/** The value of an answer. An error of the shop is thrown with its kind, and with its type and problems if it has any. */
function valueOf(reply: Msg): unknown {
  const answer = reply.json<{ readonly error?: { readonly message: string } }>();
  if (answer.error) throw Object.assign(new Error(answer.error.message), answer.error);
  return answer;
}

const nobody = (subject: string) => new Error(`Nobody serves ${subject} at the moment: ask again later, unchanged.`);
const late = (subject: string) => new Error(`${subject} was not answered in time: ask again, unchanged.`);
