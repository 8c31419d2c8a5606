import type { Message } from '../nats/broker.ts';
import { readCloudEvent, type Members, type ReadCloudEvent } from './json-format.ts';

/**
 * The content modes of CloudEvents in NATS. A content type of CloudEvents marks the structured mode; every other
 * message, with any content type or none, is in binary mode.
 */
type ContentMode = 'binary' | 'structured' | 'batch' | 'other-format';

function modeOf({ headers }: Pick<Message, 'headers'>): ContentMode {
  const name = Object.keys(headers).find((header) => header.toLowerCase() === contentType);
  const type = ((name && headers[name]) ?? '').toLowerCase().split(';')[0]?.trim() ?? '';
  if (!type.startsWith('application/cloudevents')) return 'binary';
  if (type.startsWith('application/cloudevents-batch')) return 'batch';
  return type === 'application/cloudevents' || type === 'application/cloudevents+json' ? 'structured' : 'other-format';
}

const contentType = 'content-type';

/**
 * The same event in binary mode: attributes as headers, and `data` as the body, to the byte. A message that is none, or
 * that cannot be read, stays as it is; `problemOfMode` then says why.
 */
export function toBinaryMode<One extends Message>(message: One): One {
  if (modeOf(message) !== 'structured') return message;
  const read = readStructured(message.data);
  if (!read.ok) return message;
  const others = Object.entries(message.headers).filter(([name]) => !/^(ce-|content-type$)/i.test(name));
  const headers = { ...Object.fromEntries(others), ...headersOf(read.members) };
  return { ...message, headers, data: read.data ?? new Uint8Array() };
}

/**
 * Why a message cannot be read as a CloudEvent of any mode, as half a sentence; undefined when it is in binary mode.
 */
export function problemOfMode(message: Pick<Message, 'headers' | 'data'>): string | undefined {
  const mode = modeOf(message);
  if (mode === 'binary') return undefined;
  if (mode === 'batch') return 'is the batch mode, which NATS does not have: send each event as a message of its own';
  if (mode === 'other-format') return 'is no format that is read here: use application/cloudevents+json';
  const read = readStructured(message.data);
  return read.ok ? undefined : `announces a CloudEvent in JSON, but the body ${read.why}`;
}

function readStructured(data: Uint8Array): ReadCloudEvent {
  const read = readCloudEvent(data);
  if (!read.ok) return read;
  const bad = Object.entries(read.members).find(([name, value]) => !isAttribute(name, value));
  return bad ? { ok: false, members: read.members, why: 'is not a CloudEvent: an attribute is malformed' } : read;
}

const textOnly: ReadonlySet<string> = new Set([
  'id',
  'source',
  'specversion',
  'type',
  'subject',
  'time',
  'dataschema',
  'datacontenttype',
]);

/** Extensions may be whole numbers and truth values as well. */
function isAttribute(name: string, value: unknown): boolean {
  if (isPayload(name) || value === null) return true;
  if (!/^[a-z0-9]+$/.test(name)) return false;
  if (typeof value === 'string') return true;
  return !textOnly.has(name) && (typeof value === 'boolean' || Number.isSafeInteger(value));
}

const isPayload = (name: string): boolean => name === 'data' || name === 'data_base64';

/** An attribute without a value is absent. */
const headersOf = (members: Members): Message['headers'] =>
  Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) =>
      isPayload(name) || value === null ? [] : [[`ce-${name}`, String(value as string | number | boolean)]],
    ),
  );
