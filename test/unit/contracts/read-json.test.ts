import { expect, test } from 'vitest';
import { largestEventBytes, readEventJson, readJson } from '../../../contracts/schemas/read-json.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const ofSize = (size: number): Uint8Array => bytes(`"${'x'.repeat(size - 2)}"`);

test('JSON is read', () => {
  expect(readJson(bytes('{"a":[1]}'), 'order.json')).toEqual({ ok: true, value: { a: [1] } });
});

test('64 KiB may be read and one byte more may not', () => {
  expect(readJson(ofSize(largestEventBytes), 'order.json').ok).toBe(true);
  expect(readJson(ofSize(largestEventBytes + 1), 'order.json')).toEqual({
    ok: false,
    message: 'order.json is larger than 64 KiB.',
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

// One text, two readings: parsers differ in which of the two counts.
test.each([
  ['at the top', '{"quantity":3,"quantity":30}', 'quantity'],
  ['further down', '{"lines":[{"isbn":"1"},{"isbn":"1","quantity":3,"quantity":30}]}', 'quantity'],
  ['written with an escape', '{"quantity":3,"qu\\u0061ntity":30}', 'quantity'],
  ['as the same value', '{"a":null,"a":null}', 'a'],
  ['under a name over two lines', '{"a\\nb":1,"a\\nb":2}', '"a\\nb"'],
])('a field that stands twice %s is refused, in a file and in a message', (_, json, name) => {
  const why = `holds the field ${name} twice in one object.`;
  expect(readJson(bytes(json), 'order.json')).toEqual({ ok: false, message: `order.json ${why}` });
  expect(readEventJson(bytes(json))).toEqual({ ok: false, reason: 'bad-body', message: `The message ${why}` });
});

test('a name in two objects, or as a value, is no repetition', () => {
  const json = '{"a":{"a":["a","a"]},"b":[{"a":1},{"a":2}]}';
  expect(readJson(bytes(json), 'order.json')).toEqual({ ok: true, value: JSON.parse(json) });
});

test.each([
  ['__proto__', '{"__proto__":{"card":"card_ok"}}', 'a field name that no event has'],
  ['a number past 2^53', '{"requestId":9007199254740993}', 'a number beyond 2^53'],
  ['more digits than are told apart', '{"quantity":3.0000000000000000001}', 'of more than 17 digits'],
  ['more than 32 levels', `${'['.repeat(33)}${']'.repeat(33)}`, 'deeper than 32 levels'],
])('a file with %s is refused as a message is', (_, json, why) => {
  expect(readJson(bytes(json), 'order.json')).toEqual({ ok: false, message: expect.stringContaining(why) });
  expect(readEventJson(bytes(json))).toMatchObject({ ok: false, message: expect.stringContaining(why) });
});

test.each([
  '0.1',
  '-0',
  '1E2',
  '12345678901234.567',
  '9007199254740991',
  '0.00000000000000000001',
  '1000000000000000.0',
])('the number %s is read, because every reader takes it for the same', (number) =>
  expect(readEventJson(bytes(`[${number}]`))).toEqual({ ok: true, value: [Number(number)] }),
);
