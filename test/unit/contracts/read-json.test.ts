import { expect, test } from 'vitest';
import { largestEventBytes, readJson } from '../../../contracts/schemas/read-json.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const ofSize = (size: number): Uint8Array => bytes(`"${'x'.repeat(size - 2)}"`);

test('JSON is read', () => {
  expect(readJson(bytes('{"a":[1]}'), 'order.json')).toEqual({ ok: true, value: { a: [1] } });
});

test('64 KiB may be read and one byte more may not', () => {
  expect(readJson(ofSize(largestEventBytes), 'order.json').ok).toBe(true);
  expect(readJson(ofSize(largestEventBytes + 1), 'order.json')).toEqual({
    ok: false,
    message: 'order.json is larger than 64 KiB, the most an order may be.',
  });
});

test('text that is not JSON is refused without being quoted', () => {
  expect(readJson(bytes('{"card": card_secret}'), 'order.json')).toEqual({
    ok: false,
    message: 'order.json is not JSON.',
  });
});

test('bytes that are not UTF-8 are refused', () => {
  const latin1 = new Uint8Array([0x22, 0xe9, 0x22]);
  expect(readJson(latin1, 'order.json')).toEqual({ ok: false, message: 'order.json is not UTF-8 text.' });
});
