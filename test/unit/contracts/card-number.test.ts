import { expect, test } from 'vitest';
import { holdsCardNumber, withoutCardNumbers } from '../../../contracts/reading/card-number.ts';

test.each([
  ['{"card":"4111111111111111"}', '{"card":"************1111"}'],
  ['4111 1111 1111 1111', '**** **** **** 1111'],
  ['pay with 5555-5555-5555-4444, please', 'pay with ****-****-****-4444, please'],
  ['378282246310005 and 6011000990139424', '***********0005 and ************9424'],
])('%s is kept as %s', (text, kept) => {
  expect(withoutCardNumbers(text)).toBe(kept);
  expect(holdsCardNumber(text)).toBe(true);
  expect(holdsCardNumber(kept)).toBe(false);
});

test.each([
  'card_ok',
  '4111111111111112', // another check digit
  '9780134685991', // an ISBN
  '411111111111', // too short
  'x4111111111111111', // part of a token
  'ord-41111111111111110000',
  '2026-11-23T10:15:30.250Z',
])('%s is no card number', (text) => {
  expect(withoutCardNumbers(text)).toBe(text);
});
