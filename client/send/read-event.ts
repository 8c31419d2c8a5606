import { parseTree } from 'jsonc-parser';
import type { CloudEvent } from '../../broker-bridge/intake/encode-event.ts';
import { instantForm } from '../../contracts/reading/instant.ts';
import { parseEvent } from '../../contracts/schemas/initiating-events.ts';
import { plainName } from '../../contracts/schemas/problem.ts';
import { jsonIn, utf8Text } from '../../contracts/schemas/read-json.ts';
import { fieldSentences } from '../options/problem-sentences.ts';
import { longestLine, type Line } from './lines.ts';

/**
 * A line as an event with its original body, or one sentence about why it cannot be published. The sentence never
 * quotes the line.
 */
export type ReadEvent =
  | { readonly ok: true; readonly event: CloudEvent; readonly body: Uint8Array }
  | { readonly ok: false; readonly id: string | undefined; readonly reason: string };

/** Reads the envelope only, because a producer need not know the schema of `data`. */
export function readEvent({ bytes, isCut }: Line): ReadEvent {
  if (isCut) return badLine(`is longer than ${longestLine / 1024} KiB, more than the queue takes`);
  const text = utf8Text(bytes);
  if (text === undefined) return badLine('is not UTF-8');
  const value = jsonIn(text);
  if (value === undefined) return badLine('is not JSON');
  if (!isObject(value)) return badLine('is not a CloudEvent: it must be one JSON object');
  const wrong = attributes.find(({ name, isNeeded, form }) => !hasForm(value[name], isNeeded, form));
  if (wrong) return badLine(`is not a CloudEvent: ${wrong.name} ${wrong.rule}`, value['id']);
  return withBody(text, value);
}

function withBody(text: string, value: Readonly<Record<string, unknown>>): ReadEvent {
  try {
    const twice = repeatedMember(text);
    if (twice !== undefined) return badLine(`is not a CloudEvent: it has ${plainName(twice)} twice`, value['id']);
    const body = memberText(text, 'data');
    if (body !== undefined && 'data_base64' in value) return badLine('has data and data_base64', value['id']);
    if (body !== undefined) return { ok: true, event: envelopeOf(value), body: new TextEncoder().encode(body) };
    return 'data_base64' in value ? withDecoded(value) : badLine('is not a CloudEvent: data is missing', value['id']);
  } catch (error) {
    if (error instanceof RangeError) return badLine('is nested too deep to be read', value['id']);
    throw error;
  }
}

/**
 * Refuses an event that does not fit its schema. Without this check the queue takes the event, and it is repaired
 * there.
 */
export function checkBody(read: ReadEvent): ReadEvent {
  if (!read.ok) return read;
  const parsed = parseEvent(read.event.type, read.event.data);
  if (parsed.ok) return read;
  return { ok: false, id: read.event.id, reason: `does not fit its schema: ${fieldSentences(parsed.problems)}` };
}

const badLine = (reason: string, id?: unknown): ReadEvent => ({
  ok: false,
  id: typeof id === 'string' ? id.slice(0, 200) : undefined,
  reason,
});

interface Attribute {
  readonly name: 'specversion' | Exclude<keyof CloudEvent, 'data'>;
  readonly isNeeded: boolean;
  readonly form: RegExp;
  readonly rule: string;
}

const aWord = 'must be 1 to 200 printable ASCII characters without spaces';

/** The attributes become headers and the subject, and have to fit there. */
const attributes: readonly Attribute[] = [
  { name: 'specversion', isNeeded: true, form: /^1\.0$/, rule: 'must be "1.0"' },
  { name: 'id', isNeeded: true, form: /^[\x21-\x7e]{1,200}$/, rule: aWord },
  { name: 'source', isNeeded: true, form: /^[\x21-\x7e]{1,200}$/, rule: aWord },
  {
    name: 'type',
    isNeeded: true,
    form: /^[a-z0-9]+([-.][a-z0-9]+)*$/i,
    rule: "must be an event's name, as in place-order",
  },
  {
    name: 'time',
    isNeeded: false,
    form: instantForm,
    rule: 'must be an instant, as in 2026-11-23T10:00:00Z',
  },
  { name: 'partitionkey', isNeeded: false, form: /^[\x21-\x7e]{1,200}$/, rule: aWord },
  { name: 'dataschema', isNeeded: false, form: /^[\x21-\x7e]{1,200}$/, rule: aWord },
  { name: 'datacontenttype', isNeeded: false, form: /^[\x20-\x7e]{1,200}$/, rule: 'must be a media type' },
];

const hasForm = (value: unknown, isNeeded: boolean, form: RegExp): boolean =>
  value === undefined ? !isNeeded : typeof value === 'string' && form.test(value);

/** `data_base64` is how CloudEvents carry bytes in JSON. */
function withDecoded(value: Readonly<Record<string, unknown>>): ReadEvent {
  const given = value['data_base64'];
  const isBase64 =
    typeof given === 'string' && /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(given);
  if (!isBase64) return badLine('is not a CloudEvent: data_base64 must be base64 text', value['id']);
  const body = Buffer.from(given, 'base64');
  const data = jsonIn(utf8Text(body) ?? '');
  return { ok: true, event: { ...envelopeOf(value), data }, body };
}

/** The first top-level member that is given twice. What is twice inside `data` is for the queue to judge. */
function repeatedMember(json: string): string | undefined {
  const names = (parseTree(json)?.children ?? []).map(({ children }) => String(children?.[0]?.value));
  return names.find((name, index) => names.indexOf(name) < index);
}

/**
 * The text of a top-level member of a JSON object as it stands there, because writing it again would round large
 * numbers and drop members that are given twice. The text must be an object that `JSON.parse` takes. Throws a
 * `RangeError` for thousands of levels of nesting.
 */
export function memberText(json: string, name: string): string | undefined {
  const members = parseTree(json)?.children ?? [];
  const value = members.find(({ children }) => children?.[0]?.value === name)?.children?.[1];
  return value && json.slice(value.offset, value.offset + value.length);
}

const envelopeOf = (value: Readonly<Record<string, unknown>>): CloudEvent =>
  Object.fromEntries(
    [...attributes.map(({ name }) => name), 'data'].flatMap((name) => (name in value ? [[name, value[name]]] : [])),
  ) as unknown as CloudEvent;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
