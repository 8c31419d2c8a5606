/** A piece of JSON text between blanks. */
export interface JsonToken {
  readonly kind: 'open' | 'close' | 'colon' | 'comma' | 'string' | 'scalar';
  readonly text: string;
  /** Where it begins, counted in UTF-16 units. */
  readonly at: number;
}

/** Blanks are what JSON says: a byte order mark and a no-break space are pieces, and stay where they are. */
const pieces = /[[{]|[\]}]|:|,|"(?:[^"\\]|\\.)*"?|[^ \t\r\n[\]{}:,"]+/gs;

/** The pieces of a text as JSON would have them. Text that is no JSON has pieces too: a message that is broken is shown like any other. */
export const tokensOf = (text: string): readonly JsonToken[] =>
  [...text.matchAll(pieces)].map((match) => ({ kind: kindOf(match[0]), text: match[0], at: match.index }));

function kindOf(text: string): JsonToken['kind'] {
  if (text === '{' || text === '[') return 'open';
  if (text === '}' || text === ']') return 'close';
  if (text === ':') return 'colon';
  if (text === ',') return 'comma';
  return text.startsWith('"') ? 'string' : 'scalar';
}
