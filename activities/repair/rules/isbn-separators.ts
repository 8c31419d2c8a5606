import { fieldRule, ofText } from '../fields.ts';
import { isIsbn10 } from './isbn-10.ts';
import { isIsbn13 } from '../../../contracts/ids.ts';

/** Hyphens of every kind (ASCII, soft, Unicode's hyphen, non-breaking hyphen and dashes), spaces, and the letters ISBN before it. */
const separators = /[-\u00AD\u2010-\u2015\s]/g;

export const isbnSeparators = fieldRule(
  {
    name: 'isbn-separators',
    version: 1,
    sentence: 'Hyphens and spaces in an ISBN are left out, when what is left is one.',
  },
  ['isbn'],
  ofText((text) => {
    const bare = text.replace(/^\s*ISBN(?:-1[03])?:?\s*/i, '').replaceAll(separators, '');
    return isIsbn13(bare) || isIsbn10(bare) ? bare : text;
  }),
);
