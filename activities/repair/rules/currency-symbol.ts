import type { Currency } from '../../../contracts/money.ts';
import { fieldRule, ofText } from '../fields.ts';

/** `$` is the sign of many currencies, and is left alone. */
const codes: ReadonlyMap<string, Currency> = new Map([
  ['€', 'EUR'],
  ['EURO', 'EUR'],
  ['EUROS', 'EUR'],
  ['£', 'GBP'],
  ['US$', 'USD'],
]);

export const currencySymbol = fieldRule(
  {
    name: 'currency-symbol',
    version: 1,
    sentence: 'The sign of a currency that only one has (€, £, US$) is its code.',
  },
  ['currency'],
  ofText((text) => codes.get(text.trim().toUpperCase()) ?? text),
);
