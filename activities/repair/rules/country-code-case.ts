import { fieldRule, ofText } from '../fields.ts';
import { shippingZones } from '../../../contracts/address.ts';

export const countryCodeCase = fieldRule(
  { name: 'country-code-case', version: 1, sentence: 'The code of a country we ship to is in capitals.' },
  ['country'],
  ofText((text) =>
    /^[A-Za-z]{2}$/.test(text) && Object.hasOwn(shippingZones, text.toUpperCase()) ? text.toUpperCase() : text,
  ),
);
