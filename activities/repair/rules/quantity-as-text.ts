import { fieldRule, ofText } from '../fields.ts';

export const quantityAsText = fieldRule(
  { name: 'quantity-as-text', version: 1, sentence: 'A whole quantity given as text, as in "12", is that number.' },
  ['quantity'],
  ofText((text) => (/^\s*[1-9]\d{0,4}\s*$/.test(text) ? Number(text) : text)),
);
