import { fieldRule, ofText } from '../fields.ts';

/** What is no address in ASCII is left alone: letters of other scripts do not all have one lower case. */
export const emailInCapitals = fieldRule(
  {
    name: 'email-in-capitals',
    version: 1,
    sentence: 'An e-mail address with capitals is in lower case: it is the same mailbox.',
  },
  ['email'],
  ofText((text) => (/^[\x21-\x7e]+@[\x21-\x7e]+$/.test(text) ? text.toLowerCase() : text)),
);
