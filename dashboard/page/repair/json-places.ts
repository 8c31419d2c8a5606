import { tokensOf, type JsonToken } from './json-tokens.ts';

/** Where a field stands in a text. */
export interface JsonPlace {
  /** From 1. */
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

interface Level {
  readonly path: string;
  readonly isList: boolean;
  /** Of the member that comes next or is being read. */
  key: string | null;
  index: number;
}

/**
 * Where each field of a JSON text stands, by its path as problems name it: `lines[0].quantity`. Of a text that breaks off, whatever comes before
 * the break.
 */
export function placesIn(text: string): ReadonlyMap<string, JsonPlace> {
  const places = new Map<string, JsonPlace>();
  const lineOf = lineCounter(text);
  const levels: Level[] = [];
  const tokens = tokensOf(text);
  tokens.forEach((token, index) => {
    const level = levels.at(-1);
    if (token.kind === 'close') levels.pop();
    else if (token.kind === 'comma' && level) next(level);
    else if (isKey(token, tokens[index + 1], level)) level.key = nameIn(token.text);
    else if (token.kind !== 'colon' && token.kind !== 'comma') {
      const path = pathAt(level);
      const place = { line: lineOf(token.at), from: token.at, to: token.at + token.text.length };
      if (!places.has(path)) places.set(path, place);
      if (token.kind === 'open') levels.push({ path, isList: token.text === '[', key: null, index: 0 });
    }
  });
  return places;
}

/** The place of a field, or of the nearest one around it that is there; null when there is none. A header stands nowhere in the text. */
export function placeOf(places: ReadonlyMap<string, JsonPlace>, path: string): JsonPlace | null {
  if (/^(ce|content)-/.test(path)) return null;
  for (let at = path; at !== ''; at = around(at)) {
    const found = places.get(at);
    if (found) return found;
  }
  return places.get('') ?? null;
}

/** `lines[0].quantity` stands in `lines[0]`, that in `lines`, and that in the whole; so does whatever is no path (`the message`). */
const around = (path: string): string => (lastPart.test(path) ? path.replace(lastPart, '') : '');

const lastPart = /(?:^|\.)\w+$|\[\d+\]$|(?:^|\.)"(?:[^"\\]|\\.)*"$/;

function next(level: Level): void {
  level.key = null;
  level.index += 1;
}

const isKey = (token: JsonToken, after: JsonToken | undefined, level: Level | undefined): level is Level =>
  level !== undefined && !level.isList && level.key === null && token.kind === 'string' && after?.kind === 'colon';

function pathAt(level: Level | undefined): string {
  if (!level) return '';
  if (level.isList) return `${level.path}[${level.index}]`;
  return level.path === '' ? (level.key ?? '') : `${level.path}.${level.key ?? ''}`;
}

/** As problems name fields that nobody chose: quoted, unless they are plain words. */
function nameIn(quoted: string): string {
  const name = nameBetween(quoted);
  return /^\w{1,64}$/.test(name) ? name : JSON.stringify(name.slice(0, 64));
}

/** The name as its reader has it; one with a broken escape as it stands. */
function nameBetween(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted.slice(1, -1);
  }
}

/** Counts lines on the way: it is only ever asked for later places. */
function lineCounter(text: string): (at: number) => number {
  let line = 1;
  let seen = 0;
  return (at) => {
    for (; seen < at; seen += 1) if (text[seen] === '\n') line += 1;
    return line;
  };
}
