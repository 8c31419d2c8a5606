import { ErrorCode, NatsError, type JsMsg } from 'nats';
import { QueueFull, type Delivery, type Message } from './broker.ts';
import { whileUp, type NatsClient } from './link.ts';
import { codes, isApiError } from './api-errors.ts';
import { parseHeaderBlock, readableHeaders } from './headers.ts';

/**
 * In milliseconds. Short, because a server that has just come back may not answer at all, and asking again costs
 * nothing.
 */
export const confirmWithin = 2_000;
/** In milliseconds. */
export const answerWithin = 5_000;

const noRoom = [codes.accountHasNoRoom, codes.serverHasNoRoom, codes.memoryIsFull, codes.diskIsFull, codes.notStored];

/** The stream's refusal in a failed publication. Undefined when the stream may have the message. */
export function refusalOf(error: unknown): QueueFull | undefined {
  const isTooLarge = error instanceof NatsError && (error.code as ErrorCode) === ErrorCode.MaxPayloadExceeded;
  if (isTooLarge || isApiError(error, codes.messageTooLarge)) return new QueueFull('too-large', { cause: error });
  return isApiError(error, ...noRoom) ? new QueueFull('full', { cause: error }) : undefined;
}

/** A message as the stream holds it, in JetStream's words: headers and data in base64. */
interface StoredMessage {
  readonly subject: string;
  readonly seq: number;
  /** ISO 8601, to the nanosecond. */
  readonly time: string;
  readonly hdrs?: string;
  readonly data?: string;
}

type StoredAnswer =
  { readonly message: StoredMessage } | { readonly error: { readonly err_code: number; readonly description: string } };

/**
 * Asks JetStream for a message by its sequence, or for the first one on a subject from there on. Null when the stream
 * holds none. The client's own call parses the headers, and throws for a line that is no header; the block that the
 * server gives can be read in any case.
 */
export async function storedMessage(
  { connection }: Pick<NatsClient, 'connection'>,
  stream: string,
  query: { readonly seq: number; readonly next_by_subj?: string },
): Promise<StoredMessage | null> {
  const subject = `$JS.API.STREAM.MSG.GET.${stream}`;
  const answer = (
    await connection.request(subject, JSON.stringify(query), { timeout: answerWithin })
  ).json<StoredAnswer>();
  if ('message' in answer) return answer.message;
  const { err_code: code, description } = answer.error;
  if (code === codes.noSuchMessage || code === codes.noSuchStream) return null;
  throw new Error(`JetStream did not give a message of ${stream}: ${description}.`);
}

/** One message by its sequence; null when the stream does not hold it. */
export async function messageAt(client: NatsClient, stream: string, sequence: number): Promise<Message | null> {
  const found = await storedMessage(client, stream, { seq: sequence });
  return found && readStored(found);
}

/** A message as it was published. */
export const readStored = (stored: StoredMessage): Message => ({
  subject: stored.subject,
  headers: storedHeaders(stored),
  data: Buffer.from(stored.data ?? '', 'base64'),
});

const storedHeaders = (stored: StoredMessage | null): Message['headers'] =>
  parseHeaderBlock(Buffer.from(stored?.hdrs ?? '', 'base64').toString());

/** Reads a message that came. When the client throws for its headers, they are read from the stream. */
export async function toMessage(message: JsMsg, client: NatsClient): Promise<Message> {
  const { subject, data } = message;
  return { subject, headers: readableHeaders(message) ?? (await headersInStream(message, client)), data };
}

const headersInStream = async ({ info, seq }: JsMsg, client: NatsClient): Promise<Message['headers']> =>
  storedHeaders(await storedMessage(client, info.stream, { seq }));

/** Reads a message that came to a consumer, and answers for it while there is a connection. */
export const toDelivery = async (message: JsMsg, client: NatsClient, isConfirmed: boolean): Promise<Delivery> => ({
  ...(await toMessage(message, client)),
  streamSequence: message.seq,
  deliverySequence: message.info.deliverySequence,
  timesDelivered: message.info.deliveryCount,
  async acknowledge() {
    if (!isConfirmed) return message.ack();
    const isFirst = await whileUp(client.link, () => message.ackAck({ timeout: confirmWithin }));
    if (!isFirst) throw new Error('The delivery was acknowledged before.');
  },
  postpone: (milliseconds) => message.nak(milliseconds),
});
