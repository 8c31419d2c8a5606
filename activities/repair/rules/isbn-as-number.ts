import { fieldRule } from '../fields.ts';
import { isIsbn13 } from '../../../contracts/ids.ts';

/** Ten digits as a number may have lost zeros before them, which nobody can tell: only thirteen are sure. */
export const isbnAsNumber = fieldRule(
  { name: 'isbn-as-number', version: 1, sentence: 'An ISBN-13 given as a number is text.' },
  ['isbn'],
  (value) => (typeof value === 'number' && isIsbn13(String(value)) ? String(value) : value),
);
