import type { TextSpan } from '../api/cases.ts';

/** Where everything stands in a JSON text. */
export interface Places {
  /** The span of a value by its path, as problems name it: `lines[0].quantity`; the whole is ``. */
  of(path: string): TextSpan | null;
  /** Where reading stopped because it is not JSON from there on; null when it is. */
  readonly stoppedAt: TextSpan | null;
}

/** Deeper is not looked at: schemas do not go deeper either. */
const deepest = 64;

/** Reads as far as it goes; made for text that may be broken. The first of two fields of one name counts. */
export function placesIn(text: string): Places {
  const spans = new Map<string, readonly [number, number]>();
  const reader = { text, at: 0, spans };
  const isWhole = value(reader, '', 0) && (space(reader), reader.at === text.length);
  const lineStarts = startsOfLines(text);
  const spanOf = (start: number, end: number): TextSpan => ({ start, end, ...lineAndColumn(lineStarts, start) });
  return {
    of(path) {
      const found = spans.get(path);
      return found ? spanOf(...found) : null;
    },
    stoppedAt: isWhole ? null : spanOf(Math.min(reader.at, text.length), Math.min(reader.at + 1, text.length)),
  };
}

interface Reader {
  readonly text: string;
  at: number;
  readonly spans: Map<string, readonly [number, number]>;
}

/** False where the text is not JSON; `at` stands there then. */
function value(reader: Reader, path: string, depth: number): boolean {
  space(reader);
  const start = reader.at;
  if (depth > deepest || !content(reader, path, depth)) return false;
  if (!reader.spans.has(path)) reader.spans.set(path, [start, reader.at]);
  return true;
}

function content(reader: Reader, path: string, depth: number): boolean {
  const first = reader.text[reader.at];
  if (first === '{') return members(reader, '}', () => field(reader, path, depth));
  if (first === '[') {
    let index = 0;
    return members(reader, ']', () => value(reader, `${path}[${index++}]`, depth + 1));
  }
  return scalar(reader) !== undefined;
}

function field(reader: Reader, path: string, depth: number): boolean {
  space(reader);
  const name = reader.text[reader.at] === '"' ? scalar(reader) : undefined;
  if (name === undefined) return false;
  space(reader);
  if (reader.text[reader.at] !== ':') return false;
  reader.at += 1;
  return value(reader, [path, nameIn(name)].filter(Boolean).join('.'), depth + 1);
}

/** As problems name fields that nobody chose. */
function nameIn(quoted: string): string {
  const name = JSON.parse(quoted) as string;
  return /^\w{1,64}$/.test(name) ? name : JSON.stringify(name.slice(0, 64));
}

function members(reader: Reader, end: '}' | ']', member: () => boolean): boolean {
  reader.at += 1;
  space(reader);
  if (reader.text[reader.at] === end) return ((reader.at += 1), true);
  while (member()) {
    space(reader);
    const next = reader.text[reader.at];
    if (next === end) return ((reader.at += 1), true);
    if (next !== ',') return false;
    reader.at += 1;
  }
  return false;
}

const scalars =
  /"(?:[^"\\\n\r\t]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

function scalar(reader: Reader): string | undefined {
  scalars.lastIndex = reader.at;
  const found = scalars.exec(reader.text)?.[0];
  reader.at += found?.length ?? 0;
  return found;
}

function space(reader: Reader): void {
  while (' \t\n\r'.includes(reader.text[reader.at] ?? 'x')) reader.at += 1;
}

const startsOfLines = (text: string): readonly number[] => [
  0,
  ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1),
];

function lineAndColumn(starts: readonly number[], offset: number): { readonly line: number; readonly column: number } {
  const next = starts.findIndex((start) => start > offset);
  const line = next === -1 ? starts.length : next;
  return { line, column: offset - (starts[line - 1] ?? 0) + 1 };
}
