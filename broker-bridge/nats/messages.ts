import { ErrorCode, headers, NatsError, type JsMsg, type MsgHdrs, type StoredMsg } from 'nats';
import { QueueFull, type Delivery, type Message } from '../broker.ts';
import { whileUp, type Link } from '../link.ts';
import { codes, isApiError } from './api-errors.ts';

/** A server that has just come back may not answer at all; asking again costs nothing. */
export const confirmWithin = 2_000;

const noRoom = [codes.accountHasNoRoom, codes.serverHasNoRoom, codes.memoryIsFull, codes.diskIsFull, codes.notStored];

/** The refusal in a failed publication; undefined when it is not known what became of the message. */
export function refusalOf(error: unknown): QueueFull | undefined {
  const isTooLarge = error instanceof NatsError && (error.code as ErrorCode) === ErrorCode.MaxPayloadExceeded;
  if (isTooLarge || isApiError(error, codes.messageTooLarge)) return new QueueFull('too-large', { cause: error });
  return isApiError(error, ...noRoom) ? new QueueFull('full', { cause: error }) : undefined;
}

export const toNatsHeaders = (given: Readonly<Record<string, string>>): MsgHdrs => {
  const made = headers();
  for (const [name, value] of Object.entries(given)) made.set(name, value);
  return made;
};

export const toMessage = (message: JsMsg): Message => ({
  subject: message.subject,
  headers: headersOf(message.headers),
  data: message.data,
});

export const storedMessage = ({ subject, header, data }: StoredMsg): Message => ({
  subject,
  headers: headersOf(header),
  data,
});

const headersOf = (given: MsgHdrs | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries([...(given ?? [])].map(([name, values]) => [name, values[0] ?? '']));

export const toDelivery = (message: JsMsg, link: Link): Delivery => ({
  ...toMessage(message),
  streamSequence: message.seq,
  timesDelivered: message.info.deliveryCount,
  async acknowledge() {
    const isFirst = await whileUp(link, () => message.ackAck({ timeout: confirmWithin }));
    if (!isFirst) throw new Error('The delivery was acknowledged before.');
  },
  postpone: (milliseconds) => message.nak(milliseconds),
});
