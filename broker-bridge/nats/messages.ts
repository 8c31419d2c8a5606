import { ErrorCode, NatsError, type JsMsg, type StoredMsg } from 'nats';
import { QueueFull, type Delivery, type Message } from './broker.ts';
import { whileUp, type Link } from './link.ts';
import { codes, isApiError } from './api-errors.ts';
import { readHeaders } from './headers.ts';

/** A server that has just come back may not answer at all; asking again costs nothing. */
export const confirmWithin = 2_000;

const noRoom = [codes.accountHasNoRoom, codes.serverHasNoRoom, codes.memoryIsFull, codes.diskIsFull, codes.notStored];

/** The refusal in a failed publication; undefined when it is not known what became of the message. */
export function refusalOf(error: unknown): QueueFull | undefined {
  const isTooLarge = error instanceof NatsError && (error.code as ErrorCode) === ErrorCode.MaxPayloadExceeded;
  if (isTooLarge || isApiError(error, codes.messageTooLarge)) return new QueueFull('too-large', { cause: error });
  return isApiError(error, ...noRoom) ? new QueueFull('full', { cause: error }) : undefined;
}

export const toMessage = (message: JsMsg): Message => ({
  subject: message.subject,
  headers: readHeaders(
    () => message.headers,
    () => headerBlock(message),
  ),
  data: message.data,
});

export const storedMessage = (stored: StoredMsg): Message => ({
  subject: stored.subject,
  headers: readHeaders(
    () => stored.header,
    () => storedHeaderBlock(stored),
  ),
  data: stored.data,
});

/** The client keeps the bytes to itself. Its version is pinned, and a test fails when they are elsewhere. */
interface InsideOfMessage {
  readonly msg?: { readonly _rdata?: Uint8Array; readonly _msg?: { readonly hdr: number } };
}

function headerBlock(message: JsMsg): Uint8Array | undefined {
  const { _rdata: block, _msg: sizes } = (message as InsideOfMessage).msg ?? {};
  return block?.subarray(0, Math.max(0, sizes?.hdr ?? 0));
}

interface InsideOfStored {
  readonly smr?: { readonly message?: { readonly hdrs?: string } };
}

const storedHeaderBlock = (stored: StoredMsg): Uint8Array =>
  Buffer.from((stored as InsideOfStored).smr?.message?.hdrs ?? '', 'base64');

export const toDelivery = (message: JsMsg, link: Link): Delivery => ({
  ...toMessage(message),
  streamSequence: message.seq,
  timesDelivered: message.info.deliveryCount,
  async acknowledge() {
    const isFirst = await whileUp(link, () => message.ackAck({ timeout: confirmWithin }));
    if (!isFirst) throw new Error('The delivery was acknowledged before.');
  },
  prolong() {
    try {
      message.working();
    } catch {
      // The connection is gone: it is delivered again, and known.
    }
  },
  postpone: (milliseconds) => message.nak(milliseconds),
});
