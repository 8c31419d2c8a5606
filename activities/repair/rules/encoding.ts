import { declaredIn } from '../../../contracts/reading/content-type.ts';
import { eventHeaders } from '../../../contracts/customer-event-queue.ts';
import { isRecord } from '../../../contracts/reading/record.ts';
import { readEventJson } from '../../../contracts/schemas/read-json.ts';
import { bytesRule, contentRule, readMessage, type RepairRule } from './rule.ts';

type Encoding = 'utf-16le' | 'utf-16be';

/**
 * UTF-16 is recognized by its byte order mark or, without one, by the zero byte beside the ASCII character that every
 * JSON text begins with.
 */
export const utf16 = bytesRule(
  { name: 'utf-16', version: 1, sentence: 'A message in UTF-16 is written in UTF-8.' },
  (bytes) => {
    const encoding = encodingOf(bytes);
    if (!encoding || bytes.byteLength % 2 !== 0) return undefined;
    try {
      return new TextEncoder().encode(new TextDecoder(encoding, { fatal: true }).decode(bytes));
    } catch {
      return undefined; // no UTF-16 after all
    }
  },
);

function encodingOf([first, second]: Uint8Array): Encoding | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (second === 0 && isAscii(first)) return 'utf-16le';
  return first === 0 && isAscii(second) ? 'utf-16be' : undefined;
}

const isAscii = (byte: number | undefined): boolean => byte !== undefined && byte > 0 && byte < 0x80;

/** JSON has no byte order mark. */
export const utf8Bom = bytesRule(
  { name: 'utf-8-bom', version: 1, sentence: 'A byte order mark before UTF-8 is left out.' },
  (bytes) => (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : undefined),
);

/**
 * Whole strings, so that their content is left alone (one that never closes runs to the end), and a comma before a
 * closing bracket.
 */
const tokens = /("(?:[^"\\]|\\.)*"?)|,(?=\s*[}\]])/gs;

/** `[1,,2]` and `[,]` are left alone: an element may be missing there. */
export const trailingComma = bytesRule(
  {
    name: 'trailing-comma',
    version: 1,
    sentence: 'A comma after the last element of a list or an object is left out.',
  },
  (bytes) => {
    const text = utf8TextOf(bytes);
    if (text === undefined || /[[{,]\s*,/.test(text.replaceAll(/"(?:[^"\\]|\\.)*"?/gs, '""'))) return undefined;
    const repaired = text.replace(tokens, (_, string: string | undefined) => string ?? '');
    return repaired === text ? undefined : new TextEncoder().encode(repaired);
  },
);

function utf8TextOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined; // not UTF-8: nothing for this rule
  }
}

/** The producer serialized twice. */
export const jsonInText = contentRule(
  {
    name: 'json-in-text',
    version: 1,
    sentence: 'A message that is one JSON text with a JSON object inside is that object.',
  },
  (content) => {
    if (typeof content !== 'string') return content;
    const read = readEventJson(new TextEncoder().encode(content));
    return read.ok && isRecord(read.value) ? read.value : content;
  },
);

const singleByte: ReadonlySet<string> = new Set(['iso-8859-1', 'latin1', 'windows-1252', 'iso-8859-15']);

/**
 * Bytes that are UTF-8 as well may mean either, and are left to a person, unless they are ASCII, which is the same in
 * all of these.
 */
export const declaredCharset: RepairRule = {
  name: 'declared-charset',
  version: 1,
  sentence: 'JSON that says it is in a Western character set is written in UTF-8.',
  repair(message) {
    const name = [eventHeaders.dataContentType, eventHeaders.contentType].find((one) => message.headers[one]);
    const { isJson, charset } = declaredIn((name && message.headers[name]) ?? '');
    if (name === undefined || !isJson || !singleByte.has(charset)) return undefined;
    if (message.content && message.bytes.some((byte) => byte > 0x7f)) return undefined;
    const bytes = new TextEncoder().encode(new TextDecoder(charset).decode(message.bytes));
    const repaired = readMessage({ ...message, headers: { ...message.headers, [name]: 'application/json' }, bytes });
    return repaired.content ? repaired : undefined;
  },
};
