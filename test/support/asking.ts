import { randomUUID } from 'node:crypto';
import { createInbox, headers, RequestStrategy, type Msg, type NatsConnection, type ServiceStats } from 'nats';

/** An answer as it came: its body, its headers, and the text of both for a look at what must not be in it. */
export interface RawAnswer {
  readonly body: unknown;
  readonly error: Readonly<Record<string, unknown>> | undefined;
  readonly correlationId: string;
  readonly code: string;
}

const answerIn = (reply: Msg): RawAnswer => {
  const body = reply.json<{ readonly error?: Readonly<Record<string, unknown>> }>();
  const { headers: given } = reply;
  const code = given?.get('Nats-Service-Error-Code') ?? '';
  return { body, error: body.error, correlationId: given?.get('correlation-id') ?? '', code };
};

const headersOf = (given: Readonly<Record<string, string>>) => {
  const made = headers();
  for (const [name, value] of Object.entries(given)) made.set(name, value);
  return made;
};

const dataOf = (body: unknown) =>
  typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);

/** The ways to ask, without any library of ours: by NATS's own request, and by one reply subject for all questions. */
export const ways = ['a temporary inbox', 'a shared reply queue'] as const;

export type Way = (typeof ways)[number];

/** Asks in one of the ways, with a body of any form: text and bytes go out as they are. */
export async function askBy(
  nats: NatsConnection,
  way: Way,
  question: string,
  body: unknown,
  given: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> {
  const subject = `orders.ask.${question}`;
  if (way === 'a temporary inbox')
    return answerIn(await nats.request(subject, dataOf(body), { timeout: 30_000, headers: headersOf(given) }));
  const replyTo = 'replies.of.the-test';
  const id = given['correlation-id'] ?? randomUUID();
  const subscription = nats.subscribe(replyTo);
  nats.publish(subject, dataOf(body), { reply: replyTo, headers: headersOf({ ...given, 'correlation-id': id }) });
  const timer = setTimeout(() => subscription.unsubscribe(), 30_000);
  try {
    for await (const reply of subscription) if (reply.headers?.get('correlation-id') === id) return answerIn(reply);
    throw new Error(`No answer with the correlation id ${id} came on ${replyTo}.`);
  } finally {
    clearTimeout(timer);
    subscription.unsubscribe();
  }
}

/** NATS's own discovery of services; it waits a second for every process that serves. */
export const discovery = (nats: NatsConnection) =>
  nats.services.client({ strategy: RequestStrategy.Timer, maxWait: 1_000 });

/** The statistics of every process that serves, as NATS's own discovery has them. */
export async function statistics(nats: NatsConnection): Promise<readonly ServiceStats[]> {
  const found: ServiceStats[] = [];
  for await (const one of await discovery(nats).stats('order-mediator')) found.push(one);
  return found;
}

/** Our own numbers of a question, of every process. */
export const numbersOf = async (nats: NatsConnection, question: string) =>
  (await statistics(nats)).map(({ endpoints }) => {
    const endpoint = endpoints?.find(({ name }) => name === question);
    const data = endpoint?.data as Readonly<Record<'answered' | 'refused' | 'faults' | 'ignored', number>>;
    return { requests: endpoint?.num_requests ?? 0, ...data };
  });

/** A reply subject of a test's own, and what came on it. */
export function collectReplies(nats: NatsConnection) {
  const replyTo = createInbox();
  const replies: RawAnswer[] = [];
  const subscription = nats.subscribe(replyTo, { callback: (_none, reply) => void replies.push(answerIn(reply)) });
  return { replyTo, replies, close: () => subscription.unsubscribe() };
}
