import { largestEventBytes } from './read-json.ts';

/** How deep a message may be nested. */
const deepest = 32;

/** What makes a message unreadable, in the words of `caseReasons`. */
type UnreadableReason = 'too-large' | 'not-utf8' | 'not-json' | 'too-deep' | 'bad-body';

/** A message that was read, or why it was not, in one sentence that never quotes it. */
export type ReadEventJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: UnreadableReason; readonly message: string };

/**
 * Reads the bytes of a message from anywhere, without trust: UTF-8 JSON of at most 64 KiB, not nested too deep, without numbers that JavaScript cannot
 * hold exactly, and without keys that mean something to JavaScript's objects.
 */
export function readEventJson(bytes: Uint8Array): ReadEventJson {
  if (bytes.byteLength > largestEventBytes) return no('too-large', 'The message is larger than 64 KiB.');
  const text = decoded(bytes);
  if (text === undefined) return no('not-utf8', 'The message is not UTF-8 text.');
  const scanned = scan(text);
  if (scanned.depth > deepest) return no('too-deep', `The message is nested deeper than ${deepest} levels.`);
  const value = parsed(text);
  if (!value) return no('not-json', 'The message is not JSON.');
  if (scanned.hasInexactNumber) {
    return no('bad-body', 'The message holds a number beyond 2^53, which cannot be taken exactly.');
  }
  if (hasForbiddenKey(value.of)) return no('bad-body', 'The message holds a field name that no event has.');
  return { ok: true, value: value.of };
}

const no = (reason: UnreadableReason, message: string): ReadEventJson => ({ ok: false, reason, message });

function decoded(bytes: Uint8Array): string | undefined {
  try {
    // A byte order mark is no JSON: it is kept, so that the reader below says so.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined; // the decoder's only reason is the one that is told
  }
}

function parsed(text: string): { readonly of: unknown } | undefined {
  try {
    return { of: JSON.parse(text) as unknown };
  } catch {
    return undefined; // the parser's own message quotes the text, which may hold a card token
  }
}

/**
 * Strings whole, brackets, and numbers: enough to count levels, and to see numbers as they were written. A string that never closes goes to the end: looked
 * for anew behind each of its quotes, it would take seconds.
 */
const tokens = /"(?:[^"\\]|\\.)*"?|[[{]|[\]}]|-?\d[\d.eE+-]*/gs;

/** Before anything is parsed: depth without recursion, numbers before they lose digits. */
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
