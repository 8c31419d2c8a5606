import { fieldRule, ofText } from '../fields.ts';

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
