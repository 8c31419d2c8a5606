import { fieldRule, ofText } from '../fields.ts';

/** Words for single pieces. A dozen or a box is another number of pieces, and is left alone. */
const pieces =
  /^\s*([1-9]\d{0,4})\s*(?:each|ea|pcs?|pieces?|cop(?:y|ies)|units?|stk|st(?:ü|ue)ck|ex|exemplare?)\.?\s*$/i;

export const quantityWithUnit = fieldRule(
  {
    name: 'quantity-with-unit',
    version: 1,
    sentence: 'A quantity with the word for pieces behind it, as in "12 EACH", is that number.',
  },
  ['quantity'],
  ofText((text) => {
    const [, digits] = pieces.exec(text) ?? [];
    return digits === undefined ? text : Number(digits);
  }),
);
