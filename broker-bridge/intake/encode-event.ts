import { createHash } from 'node:crypto';
import { customerEventSubject, eventHeaders } from '../../contracts/customer-event-queue.ts';
import type { OutgoingMessage } from '../nats/broker.ts';

/**
 * An initiating event as a producer sends it: a CloudEvent in JSON. `data` is not checked, because a producer does not
 * know the schemas.
 */
export interface CloudEvent {
  readonly id: string;
  readonly source: string;
  /** The event's name. */
  readonly type: string;
  readonly time?: string | undefined;
  readonly data?: unknown;
  readonly dataschema?: string | undefined;
  readonly datacontenttype?: string | undefined;
  /** The customer; taken from `data.customerId` when it is left out. */
  readonly partitionkey?: string | undefined;
}

/**
 * CloudEvents 1.0 in binary mode. `body` is the original text of `data`, in which numbers that JavaScript cannot hold
 * pass unchanged. The message's id is made of the event's id and a hash of the message, so that an event that is
 * corrected and sent again is not dropped as a repeat.
 */
export function encodeEvent(event: CloudEvent, body?: Uint8Array): OutgoingMessage {
  const data = body ?? new TextEncoder().encode(JSON.stringify(event.data ?? null));
  const key = event.partitionkey ?? customerIn(event.data);
  const headers = {
    [eventHeaders.specversion]: '1.0',
    [eventHeaders.id]: event.id,
    [eventHeaders.source]: event.source,
    [eventHeaders.type]: event.type,
    [eventHeaders.dataContentType]: event.datacontenttype ?? 'application/json',
    ...optional(eventHeaders.time, event.time),
    ...optional(eventHeaders.dataschema, event.dataschema),
    ...optional(eventHeaders.key, key),
  };
  return { id: `${event.id}-${digestOf(headers, data)}`, subject: customerEventSubject(event.type), headers, data };
}

const digestOf = (headers: Readonly<Record<string, string>>, body: Uint8Array): string =>
  createHash('sha256').update(JSON.stringify(headers)).update('\n').update(body).digest('hex');

/** A customer id that is no header value is left out; the schema will refuse the body for it. */
function customerIn(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, 'customerId')) return undefined;
  const { customerId } = data as { readonly customerId: unknown };
  return typeof customerId === 'string' && /^[\x21-\x7e]{1,200}$/.test(customerId) ? customerId : undefined;
}

const optional = (name: string, value: string | undefined): Readonly<Record<string, string>> =>
  value === undefined ? {} : { [name]: value };
