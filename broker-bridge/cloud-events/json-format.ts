import { parseTree } from 'jsonc-parser';
import { declaredIn } from '../../contracts/reading/content-type.ts';
import { isRecord } from '../../contracts/reading/record.ts';
import { plainName } from '../../contracts/schemas/problem.ts';
import { jsonIn, utf8Text } from '../../contracts/schemas/read-json.ts';

/** The members of a CloudEvent in JSON by name, unchecked but for `data` and `data_base64`. */
export type Members = Readonly<Record<string, unknown>>;

/**
 * A CloudEvent in the JSON format. `data` is its payload as bytes; undefined when it has none. Otherwise `why` says in
 * half a sentence what it is not, and quotes nothing of it.
 */
export type ReadCloudEvent =
  | { readonly ok: true; readonly members: Members; readonly data: Uint8Array | undefined }
  | { readonly ok: false; readonly members: Members; readonly why: string };

/** Reads one CloudEvent in the JSON format. */
export function readCloudEvent(bytes: Uint8Array): ReadCloudEvent {
  const text = utf8Text(bytes);
  if (text === undefined) return no('is not UTF-8');
  const members = jsonIn(text);
  if (members === undefined) return no('is not JSON');
  if (!isRecord(members)) return no('is not a CloudEvent: it must be one JSON object');
  try {
    return withData(text, members);
  } catch (error) {
    if (error instanceof RangeError) return no('is nested too deep to be read', members);
    throw error;
  }
}

const no = (why: string, members: Members = {}): ReadCloudEvent => ({ ok: false, members, why });

function withData(text: string, members: Members): ReadCloudEvent {
  const texts = memberTexts(text);
  const twice = repeated(texts.map(([name]) => name));
  if (twice !== undefined) return no(`is not a CloudEvent: it has ${plainName(twice)} twice`, members);
  const given = new Map(texts).get('data');
  const isInBase64 = Object.hasOwn(members, 'data_base64');
  if (isInBase64 && given !== undefined) return no('has data and data_base64', members);
  if (isInBase64) return decoded(members);
  const { data, datacontenttype } = members;
  const isText = typeof data === 'string' && typeof datacontenttype === 'string' && !declaredIn(datacontenttype).isJson;
  const bytes = given === undefined ? undefined : new TextEncoder().encode(isText ? data : given);
  return { ok: true, members, data: bytes };
}

/** `data_base64` is how CloudEvents carry bytes in JSON. */
function decoded(members: Members): ReadCloudEvent {
  const given = members['data_base64'];
  const isBase64 =
    typeof given === 'string' && /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(given);
  if (!isBase64) return no('is not a CloudEvent: data_base64 must be base64 text', members);
  return { ok: true, members, data: Buffer.from(given, 'base64') };
}

/**
 * The top-level members of a JSON object in their order, each with its text as it stands there: writing it again would
 * round large numbers and drop members that are given twice. The text must be an object that `JSON.parse` takes.
 * Throws a `RangeError` for thousands of levels of nesting.
 */
export const memberTexts = (json: string): readonly (readonly [name: string, text: string])[] =>
  (parseTree(json)?.children ?? []).map(({ children: [name, value] = [] }) => [
    String(name?.value),
    value ? json.slice(value.offset, value.offset + value.length) : '',
  ]);

/** The first name that is given twice. What is twice inside `data` is for its reader to judge. */
const repeated = (names: readonly string[]): string | undefined =>
  names.find((name, index) => names.indexOf(name) < index);
