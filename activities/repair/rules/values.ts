import { countryCodes } from './country-names.ts';
import { shippingZones } from '../../../contracts/address.ts';
import { isIsbn13 } from '../../../contracts/ids.ts';
import { bareIsbn, isbn13Of } from '../../../contracts/reading/isbn.ts';
import { currencies, type Currency } from '../../../contracts/money.ts';
import { fieldRule, ofText } from './fields.ts';

/** Free text (names, streets, reasons) keeps its spaces. */
export const trimmedTokens = fieldRule(
  {
    name: 'trimmed-tokens',
    version: 1,
    sentence: 'Spaces around an id, a card token, an ISBN, a code or an e-mail address are left out.',
  },
  ['id', 'isbn', 'country', 'currency', 'email'],
  ofText((text) => (/\S/.test(text) ? text.trim() : text)),
);

/** Ten digits as a number may have lost their leading zeros: only thirteen are certain. */
export const isbnAsNumber = fieldRule(
  { name: 'isbn-as-number', version: 1, sentence: 'An ISBN-13 given as a number is text.' },
  ['isbn'],
  (value) => (typeof value === 'number' && isIsbn13(String(value)) ? String(value) : value),
);

export const isbnSeparators = fieldRule(
  {
    name: 'isbn-separators',
    version: 1,
    sentence: 'Hyphens and spaces in an ISBN are left out, when what is left is one.',
  },
  ['isbn'],
  ofText(bareIsbn),
);

/** The ISBN-13 is computed from the ISBN-10. One with a wrong check digit may mean any title and is left alone. */
export const isbn10 = fieldRule(
  { name: 'isbn-10', version: 1, sentence: 'A valid ISBN-10 becomes the ISBN-13 of the same title.' },
  ['isbn'],
  ofText(isbn13Of),
);

/** Words for single pieces. A dozen or a box is another number of pieces, and is left alone. */
const piecesWord =
  /^\s*([1-9]\d{0,4})\s*(?:each|ea|pcs?|pieces?|cop(?:y|ies)|units?|stk|st(?:ü|ue)ck|ex|exemplare?)\.?\s*$/i;

export const quantityWithUnit = fieldRule(
  {
    name: 'quantity-with-unit',
    version: 1,
    sentence: 'A quantity with the word for pieces behind it, as in "12 EACH", is that number.',
  },
  ['quantity'],
  ofText((text) => {
    const [, digits] = piecesWord.exec(text) ?? [];
    return digits === undefined ? text : Number(digits);
  }),
);

/** Three digits behind the comma may be thousands, and a fraction is no number of pieces: both are left alone. */
export const quantityDecimalComma = fieldRule(
  {
    name: 'quantity-decimal-comma',
    version: 1,
    sentence: 'A whole quantity written with a decimal comma, as in "12,0", is that number.',
  },
  ['quantity'],
  ofText((text) => {
    const [, digits] = /^\s*([1-9]\d{0,4}),0{1,2}\s*$/.exec(text) ?? [];
    return digits === undefined ? text : Number(digits);
  }),
);

/** Numbers of up to five digits, the most a quantity may have. */
export const quantityAsText = fieldRule(
  { name: 'quantity-as-text', version: 1, sentence: 'A whole quantity given as text, as in "12", is that number.' },
  ['quantity'],
  ofText((text) => (/^\s*[1-9]\d{0,4}\s*$/.test(text) ? Number(text) : text)),
);

/** A name that is not in the table is left alone. */
export const countryName = fieldRule(
  {
    name: 'country-name',
    version: 1,
    sentence: 'The name of a country we ship to, in English or its own language, is its code.',
  },
  ['country'],
  ofText((text) => countryCodes.get(text.trim().normalize('NFC').toLowerCase()) ?? text),
);

/** The code of a country without delivery is left alone. */
export const countryCodeCase = fieldRule(
  { name: 'country-code-case', version: 1, sentence: 'The code of a country we ship to is in capitals.' },
  ['country'],
  ofText((text) =>
    /^[A-Za-z]{2}$/.test(text) && Object.hasOwn(shippingZones, text.toUpperCase()) ? text.toUpperCase() : text,
  ),
);

/** The signs that only one currency has. */
const currencySigns: ReadonlyMap<string, Currency> = new Map([
  ['€', 'EUR'],
  ['EURO', 'EUR'],
  ['EUROS', 'EUR'],
  ['£', 'GBP'],
  ['US$', 'USD'],
]);

/** `$` is the sign of many currencies, and is left alone. */
export const currencySymbol = fieldRule(
  {
    name: 'currency-symbol',
    version: 1,
    sentence: 'The sign of a currency that only one has (€, £, US$) is its code.',
  },
  ['currency'],
  ofText((text) => currencySigns.get(text.trim().toUpperCase()) ?? text),
);

/** The code of a currency that the shop does not sell in is left alone. */
export const currencyCase = fieldRule(
  { name: 'currency-case', version: 1, sentence: 'The code of a currency we sell in is in capitals.' },
  ['currency'],
  ofText((text) => currencies.find((code) => code === text.toUpperCase()) ?? text),
);

/** An address outside ASCII is left alone: letters of other scripts do not all have one lower case. */
export const emailInCapitals = fieldRule(
  {
    name: 'email-in-capitals',
    version: 1,
    sentence: 'An e-mail address with capitals is in lower case: it is the same mailbox.',
  },
  ['email'],
  ofText((text) => (/^[\x21-\x7e]+@[\x21-\x7e]+$/.test(text) ? text.toLowerCase() : text)),
);
