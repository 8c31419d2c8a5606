import { readCloudEvent, type Members } from '../../broker-bridge/cloud-events/json-format.ts';
import type { CloudEvent } from '../../broker-bridge/intake/encode-event.ts';
import { instantForm } from '../../contracts/reading/instant.ts';
import { parseEvent } from '../../contracts/schemas/initiating-events.ts';
import { jsonIn, utf8Text } from '../../contracts/schemas/read-json.ts';
import { fieldSentences } from '../../contracts/schemas/problem.ts';
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
  const read = readCloudEvent(bytes);
  const { members } = read;
  if (!read.ok) return badLine(read.why, members['id']);
  const wrong = attributes.find(({ name, isNeeded, form }) => !hasForm(members[name], isNeeded, form));
  if (wrong) return badLine(`is not a CloudEvent: ${wrong.name} ${wrong.rule}`, members['id']);
  if (read.data === undefined) return badLine('is not a CloudEvent: data is missing', members['id']);
  return { ok: true, event: envelopeOf(members, read.data), body: read.data };
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

const envelopeOf = (members: Members, body: Uint8Array): CloudEvent =>
  ({
    ...Object.fromEntries(
      attributes.flatMap(({ name }) => (Object.hasOwn(members, name) ? [[name, members[name]]] : [])),
    ),
    data: jsonIn(utf8Text(body) ?? ''),
  }) as unknown as CloudEvent;
