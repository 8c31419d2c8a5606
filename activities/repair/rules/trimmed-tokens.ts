import { fieldRule, ofText } from '../fields.ts';

/** Free text (names, streets, reasons) is left as it was written. */
export const trimmedTokens = fieldRule(
  {
    name: 'trimmed-tokens',
    version: 1,
    sentence: 'Spaces around an id, a card token, an ISBN, a code or an e-mail address are left out.',
  },
  ['id', 'isbn', 'country', 'currency', 'email'],
  ofText((text) => (/\S/.test(text) ? text.trim() : text)),
);
