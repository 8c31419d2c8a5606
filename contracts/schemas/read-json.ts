import { visit } from 'jsonc-parser';
import { plainName } from './problem.ts';

/** The most bytes of an initiating event, from any source. */
export const largestEventBytes = 64 * 1024;

/** JSON that was read, or one sentence about the problem. The sentence never quotes a value. */
export type ReadJson =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };

/** The deepest nesting of a text. */
const deepest = 32;

/** The reasons why a message cannot be read, in the words of `caseReasons`. */
type UnreadableReason = 'too-large' | 'not-utf8' | 'not-json' | 'too-deep' | 'bad-body';

/** A message that was read, or the reason with one sentence that never quotes it. */
export type ReadEventJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: UnreadableReason; readonly message: string };

/**
 * Reads a file or standard input of our own user, as `readEventJson` reads a message; a byte order mark is dropped.
 * `source` names it in the sentence.
 */
export function readJson(bytes: Uint8Array, source: string): ReadJson {
  const read = readText(bytes, { ignoreBOM: false });
  return read.ok ? read : { ok: false, message: `${source} ${read.why}.` };
}

/**
 * Reads the bytes of a message from anywhere, without trust: UTF-8 JSON of at most 64 KiB, nested at most 32 levels
 * deep, that everyone reads in the same way. So no field stands twice in an object, no number is beyond what JavaScript
 * holds exactly or has more digits than it tells apart, and no field name means something to JavaScript's objects.
 */
export function readEventJson(bytes: Uint8Array): ReadEventJson {
  // A byte order mark is no JSON: it is kept, so that it is refused as such.
  const read = readText(bytes, { ignoreBOM: true });
  return read.ok ? read : { ok: false, reason: read.reason, message: `The message ${read.why}.` };
}

type ReadText =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: UnreadableReason; readonly why: string };

function readText(bytes: Uint8Array, options: { readonly ignoreBOM: boolean }): ReadText {
  if (bytes.byteLength > largestEventBytes) return no('too-large', 'is larger than 64 KiB');
  const text = utf8Text(bytes, options);
  if (text === undefined) return no('not-utf8', 'is not UTF-8 text');
  const scanned = scan(text);
  if (scanned.depth > deepest) return no('too-deep', `is nested deeper than ${deepest} levels`);
  const value = jsonIn(text);
  if (value === undefined) return no('not-json', 'is not JSON');
  if (scanned.hasInexactNumber)
    return no('bad-body', 'holds a number beyond 2^53 or of more than 17 digits, which cannot be taken exactly');
  if (hasForbiddenKey(value)) return no('bad-body', 'holds a field name that no event has');
  const twice = repeatedField(text);
  if (twice !== undefined) return no('bad-body', `holds the field ${plainName(twice)} twice in one object`);
  return { ok: true, value };
}

const no = (reason: UnreadableReason, why: string): ReadText => ({ ok: false, reason, why });

/**
 * The first field that stands twice in an object of this JSON; readers differ in which of them counts. Throws a
 * `RangeError` for thousands of levels of nesting.
 */
function repeatedField(json: string): string | undefined {
  const open: Set<string>[] = [];
  let repeated: string | undefined;
  visit(json, {
    onObjectBegin: () => void open.push(new Set()),
    onObjectEnd: () => void open.pop(),
    onObjectProperty(name) {
      if (open.at(-1)?.has(name)) repeated ??= name;
      open.at(-1)?.add(name);
    },
  });
  return repeated;
}

/** The text of these bytes; undefined when they are no UTF-8. */
export function utf8Text(bytes: Uint8Array, options: { readonly ignoreBOM?: boolean } = {}): string | undefined {
  try {
    return new TextDecoder('utf-8', { ...options, fatal: true }).decode(bytes);
  } catch {
    return undefined; // the decoder fails for one reason only, and the caller's sentence names it
  }
}

/** The value of a JSON text; undefined when it is none. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the parser's own message quotes the text, which may hold a card token
  }
}

/**
 * Matches whole strings, brackets and numbers: enough to count levels, and to see numbers as they were written. A
 * string that never closes is matched to the end of the text, because a new search from each of its quotes would take
 * seconds.
 */
const tokens = /"(?:[^"\\]|\\.)*"?|[[{]|[\]}]|-?\d[\d.eE+-]*/gs;

/** Finds the depth without recursion, and inexact numbers before parsing rounds them. */
function scan(text: string): { readonly depth: number; readonly hasInexactNumber: boolean } {
  let level = 0;
  let depth = 0;
  let hasInexactNumber = false;
  for (const [token] of text.matchAll(tokens)) {
    if (token === '{' || token === '[') depth = Math.max(depth, ++level);
    else if (token === '}' || token === ']') level -= 1;
    else if (!token.startsWith('"')) hasInexactNumber ||= isInexact(token);
  }
  return { depth, hasInexactNumber };
}

function isInexact(token: string): boolean {
  const value = Number(token);
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) return true;
  return significantDigits(token) > mostDigits;
}

/** As many tell every number of JavaScript from its neighbours. */
const mostDigits = 17;

const significantDigits = (token: string): number =>
  token
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+|0+$/g, '').length;

const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

function hasForbiddenKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => forbidden.has(key) || hasForbiddenKey(inner));
}
