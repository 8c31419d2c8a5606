import { isIsbn13 } from '../ids.ts';
import { isRecord } from './record.ts';

/** Hyphens of every kind (ASCII, soft, Unicode's hyphen, non-breaking hyphen and dashes), and spaces. */
const separators = /[-\u00AD\u2010-\u2015\s]/g;

/** The ISBN without separators, and without the letters `ISBN` in front; any other text as it is. */
export function bareIsbn(text: string): string {
  const bare = text.replace(/^\s*ISBN(?:-1[03])?:?\s*/i, '').replaceAll(separators, '');
  return isIsbn13(bare) || isIsbn10(bare) ? bare : text;
}

/** The ISBN-13 of a valid ISBN-10; any other text as it is. One with a wrong check digit may mean any title. */
export const isbn13Of = (text: string): string => (isIsbn10(text) ? withCheckDigit(`978${text.slice(0, 9)}`) : text);

/** An ISBN as people write it, as the ISBN-13 it means; any other text as it is. */
export const readIsbn = (text: string): string => isbn13Of(bareIsbn(text));

/** Input of people with the titles of its `lines` read so; everything else as it is. */
export function withReadTitles(input: unknown): unknown {
  if (!isRecord(input) || !Array.isArray(input['lines'])) return input;
  const lines: readonly unknown[] = input['lines'];
  return { ...input, lines: lines.map(withReadTitle) };
}

const withReadTitle = (line: unknown): unknown =>
  isRecord(line) && typeof line['isbn'] === 'string' ? { ...line, isbn: readIsbn(line['isbn']) } : line;

/** True for ten digits, the last of which may be X for ten, with the right check digit. */
function isIsbn10(text: string): boolean {
  if (!/^\d{9}[\dXx]$/.test(text)) return false;
  const digits = Array.from(text, (digit) => (/[Xx]/.test(digit) ? 10 : Number(digit)));
  return digits.reduce((sum, digit, index) => sum + digit * (10 - index), 0) % 11 === 0;
}

function withCheckDigit(body: string): string {
  const sum = Array.from(body, Number).reduce((total, digit, index) => total + digit * (index % 2 === 0 ? 1 : 3), 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}
