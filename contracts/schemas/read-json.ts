/** The most bytes of an initiating event, from any source. */
export const largestEventBytes = 64 * 1024;

/** JSON that was read, or one sentence about the problem. The sentence never quotes the text. */
export type ReadJson =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };

/** Reads a file or standard input of our own user: UTF-8 JSON of at most 64 KiB. `source` names it in the sentence. */
export function readJson(bytes: Uint8Array, source: string): ReadJson {
  const refused = (message: string): ReadJson => ({ ok: false, message: `${source} ${message}` });
  if (bytes.byteLength > largestEventBytes) return refused('is larger than 64 KiB, the most an order may be.');
  const text = utf8Text(bytes);
  if (text === undefined) return refused('is not UTF-8 text.');
  const value = jsonIn(text);
  return value === undefined ? refused('is not JSON.') : { ok: true, value };
}

/** The deepest nesting of a message. */
const deepest = 32;

/** The reasons why a message cannot be read, in the words of `caseReasons`. */
type UnreadableReason = 'too-large' | 'not-utf8' | 'not-json' | 'too-deep' | 'bad-body';

/** A message that was read, or the reason with one sentence that never quotes it. */
export type ReadEventJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: UnreadableReason; readonly message: string };

/**
 * Reads the bytes of a message from anywhere, without trust: UTF-8 JSON of at most 64 KiB, nested at most 32 levels
 * deep, without numbers that JavaScript cannot hold exactly, and without keys that mean something to JavaScript's
 * objects.
 */
export function readEventJson(bytes: Uint8Array): ReadEventJson {
  if (bytes.byteLength > largestEventBytes) return no('too-large', 'The message is larger than 64 KiB.');
  // A byte order mark is no JSON: it is kept, so that it is refused as such.
  const text = utf8Text(bytes, { ignoreBOM: true });
  if (text === undefined) return no('not-utf8', 'The message is not UTF-8 text.');
  const scanned = scan(text);
  if (scanned.depth > deepest) return no('too-deep', `The message is nested deeper than ${deepest} levels.`);
  const value = jsonIn(text);
  if (value === undefined) return no('not-json', 'The message is not JSON.');
  if (scanned.hasInexactNumber) {
    return no('bad-body', 'The message holds a number beyond 2^53, which cannot be taken exactly.');
  }
  if (hasForbiddenKey(value)) return no('bad-body', 'The message holds a field name that no event has.');
  return { ok: true, value };
}

const no = (reason: UnreadableReason, message: string): ReadEventJson => ({ ok: false, reason, message });

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
    else if (!token.startsWith('"')) hasInexactNumber ||= isInexact(Number(token));
  }
  return { depth, hasInexactNumber };
}

const isInexact = (value: number): boolean =>
  !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));

const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

function hasForbiddenKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => forbidden.has(key) || hasForbiddenKey(inner));
}
