import { legibleJson } from '../../../contracts/reading/legible.ts';
import { createScanner, format, parseTree, type Node, type ParseError } from 'jsonc-parser';

/** A piece of a text: offsets in UTF-16 units, the end exclusive; line and column from 1, of its start. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

/** The places of the fields in a JSON text. */
export interface FieldPlaces {
  /**
   * The value of a field by its path, as problems name it: `lines[0].quantity`; the whole text is ``. Of a field that
   * is missing, the nearest one around it that is there. Null for a header, and in an empty text.
   */
  of(path: string): TextSpan | null;
  /** The place from which on the text is not JSON; null when all of it is. */
  readonly stoppedAt: TextSpan | null;
}

/**
 * Schemas do not go deeper, and the parser would run out of stack. A deeper part is not read, and such a text is not
 * laid out.
 */
const deepest = 64;

/**
 * Finds the fields of a text that may be broken: reads on behind an error where it can. The first of two fields of one
 * name counts.
 */
export function placesIn(text: string): FieldPlaces {
  const errors: ParseError[] = [];
  const root = parseTree(text.slice(0, depthLimitOf(text)), errors, { disallowComments: true });
  const values = new Map<string, Node>();
  if (root) addValues(values, root, '');
  const spanOf = (start: number, end: number): TextSpan => ({ start, end, ...lineAndColumn(text, start) });
  const valueSpan = ({ offset, length }: Node): TextSpan => spanOf(offset, length < 0 ? text.length : offset + length);
  const of = (path: string): TextSpan | null => {
    const value = values.get(path);
    if (value) return valueSpan(value);
    return path === '' ? wholeOf(text, spanOf) : of(parentOf(path));
  };
  const [broken] = errors;
  return {
    of: (path) => (isHeader(path) ? null : of(path)),
    stoppedAt: broken ? spanOf(broken.offset, Math.min(broken.offset + 1, text.length)) : null,
  };
}

/** The whole of a text that begins with no value, without the blanks before it. */
function wholeOf(text: string, spanOf: (start: number, end: number) => TextSpan): TextSpan | null {
  const start = text.search(/[^ \t\r\n]/);
  return start === -1 ? null : spanOf(start, text.length);
}

/**
 * The offset of the first bracket that is too deep; undefined when there is none. A bracket closes only its own kind,
 * as for the parser.
 */
function depthLimitOf(text: string): number | undefined {
  const scanner = createScanner(text, true);
  const open: string[] = [];
  while (scanner.getPosition() < text.length) {
    scanner.scan();
    const token = text.slice(scanner.getTokenOffset(), scanner.getPosition());
    if (token === '{' || token === '[') open.push(token);
    else if ((token === '}' && open.at(-1) === '{') || (token === ']' && open.at(-1) === '[')) open.pop();
    if (open.length > deepest) return scanner.getTokenOffset();
  }
  return undefined;
}

function addValues(values: Map<string, Node>, value: Node, path: string): void {
  if (!values.has(path)) values.set(path, value);
  const children = value.children ?? [];
  if (value.type === 'array') children.forEach((item, index) => addValues(values, item, `${path}[${index}]`));
  if (value.type !== 'object') return;
  for (const { children: [key, member] = [] } of children) {
    if (key && member) addValues(values, member, [path, fieldName(String(key.value))].filter(Boolean).join('.'));
  }
}

/** Problems quote names that are no plain words. */
const fieldName = (key: string): string => (/^\w{1,64}$/.test(key) ? key : JSON.stringify(key.slice(0, 64)));

/**
 * The parent of `lines[0].quantity` is `lines[0]`, its parent is `lines`, and that of `lines` is the whole text. A name
 * that is no path (`the message`) belongs to the whole text too.
 */
const parentOf = (path: string): string => (lastPart.test(path) ? path.replace(lastPart, '') : '');

const lastPart = /(?:^|\.)\w+$|\[\d+\]$|(?:^|\.)"(?:[^"\\]|\\.)*"$/;

const isHeader = (path: string): boolean => /^(ce|content)-/.test(path);

function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/**
 * The first invisible character outside of quotes, such as a byte order mark or a no-break space: JSON does not know
 * it there.
 */
export function findInvisible(text: string): { readonly name: string; readonly place: TextSpan } | null {
  for (const { 1: found, index: start } of text.matchAll(stringOrInvisible)) {
    if (found !== undefined) {
      return { name: codePointOf(found), place: { start, end: start + 1, ...lineAndColumn(text, start) } };
    }
  }
  return null;
}

const stringOrInvisible = /"(?:[^"\\]|\\.)*"?|((?![ \t\r\n])[\p{Z}\p{Cf}\p{Cc}])/gsu;

/** A text in quotes, as far as it has an end. */
const quoted = /"(?:[^"\\]|\\.)*"/gs;

/** `U+FEFF` */
export const codePointOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/**
 * The same text, one member to a line, with what cannot be seen in its quotes written as `\uXXXX`: the same values. Big
 * numbers, doubled fields and broken parts keep every character.
 */
export function layOut(text: string): string {
  if (depthLimitOf(text) !== undefined) return text;
  const lines = text.replaceAll('\r\n', '\n').replace(quoted, legibleJson);
  const pieces: string[] = [];
  let at = 0;
  // The library's own `applyEdits` copies the whole text for each edit.
  for (const { offset, length, content } of format(lines, undefined, { insertSpaces: true, tabSize: 2, eol: '\n' })) {
    pieces.push(lines.slice(at, offset), content);
    at = offset + length;
  }
  return pieces.join('') + lines.slice(at);
}
