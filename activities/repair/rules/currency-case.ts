import { currencies } from '../../../contracts/money.ts';
import { fieldRule, ofText } from '../fields.ts';

export const currencyCase = fieldRule(
  { name: 'currency-case', version: 1, sentence: 'The code of a currency we sell in is in capitals.' },
  ['currency'],
  ofText((text) => currencies.find((code) => code === text.toUpperCase()) ?? text),
);
