import type { Subscription } from 'nats';
import type { Message } from './broker.ts';
import type { HeldMessage } from './last-values-port.ts';
import { codes, isApiError } from './api-errors.ts';
import { readableHeaders, toNatsHeaders } from './headers.ts';
import { whileUp, type NatsClient } from './link.ts';
import { confirmWithin, readStored, storedMessage } from './messages.ts';

/** The server compares and stores at once, so that of two publishers that have read the same message one is refused. */
export async function replaceLast(
  { jetstream, link }: NatsClient,
  { subject, headers, data }: Message,
  instead: number,
): Promise<boolean> {
  const expect = { lastSubjectSequence: instead };
  const options = { headers: toNatsHeaders(headers), timeout: confirmWithin, expect };
  try {
    await whileUp(link, () => jetstream.publish(subject, data, options));
    return true;
  } catch (error) {
    if (isApiError(error, codes.wrongLastSequence, codes.otherLastSequence)) return false;
    throw error;
  }
}

/** Reads one message after another: there is no consumer to be made, which fewer users may. */
export async function* held(client: NatsClient, stream: string, subject: string): AsyncGenerator<HeldMessage> {
  for (let from = 1; ;) {
    const found = await storedMessage(client, stream, { seq: from, next_by_subj: subject });
    if (!found) return;
    yield { ...readStored(found), streamSequence: found.seq };
    from = found.seq + 1;
  }
}

/** Subscribes; see the port. */
export async function hear(
  { connection, link }: NatsClient,
  subject: string,
  signal?: AbortSignal,
): Promise<AsyncIterable<Message>> {
  const subscription = connection.subscribe(subject);
  const end = () => subscription.unsubscribe();
  signal?.addEventListener('abort', end, { once: true });
  await whileUp(link, () => connection.flush());
  if (signal?.aborted) end();
  return messagesOf(subscription, () => signal?.removeEventListener('abort', end));
}

/** One with a line that is no header has none: it is not kept anywhere to be read again. */
async function* messagesOf(subscription: Subscription, forget: () => void): AsyncGenerator<Message> {
  try {
    for await (const message of subscription)
      yield { subject: message.subject, headers: readableHeaders(message) ?? {}, data: message.data };
  } finally {
    forget();
    subscription.unsubscribe();
  }
}
