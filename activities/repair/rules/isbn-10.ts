import { fieldRule, ofText } from '../fields.ts';

/** Every ISBN-10 has an ISBN-13, which is computed from it. One whose check digit is wrong may be any title. */
export const isbn10 = fieldRule(
  { name: 'isbn-10', version: 1, sentence: 'A valid ISBN-10 becomes the ISBN-13 of the same title.' },
  ['isbn'],
  ofText((text) => (isIsbn10(text) ? isbn13Of(text) : text)),
);

/** True for ten digits, the last of which may be X for ten, with the right check digit. */
export function isIsbn10(text: string): boolean {
  if (!/^\d{9}[\dXx]$/.test(text)) return false;
  const digits = Array.from(text, (digit) => (/[Xx]/.test(digit) ? 10 : Number(digit)));
  return digits.reduce((sum, digit, index) => sum + digit * (10 - index), 0) % 11 === 0;
}

function isbn13Of(isbn: string): string {
  const body = `978${isbn.slice(0, 9)}`;
  const sum = Array.from(body, Number).reduce((total, digit, index) => total + digit * (index % 2 === 0 ? 1 : 3), 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}
