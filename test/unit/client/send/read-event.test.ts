import { describe, expect, test } from 'vitest';
import { memberTexts } from '../../../../broker-bridge/cloud-events/json-format.ts';
import { checkBody, readEvent } from '../../../../client/send/read-event.ts';

const line = (bytes: Uint8Array | string, isCut = false) => ({
  number: 1,
  bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes,
  endsAt: 0,
  isCut,
});
const good = { specversion: '1.0', id: 'e-1', source: 'urn:shop', type: 'place-order', data: { secret: 'x' } };

describe('a line is refused by the client', () => {
  test.each([
    ['that is cut', line('{', true), 'is longer than 1024 KiB, more than the queue takes'],
    ['that is not UTF-8', line(Buffer.of(0x22, 0xff, 0x22)), 'is not UTF-8'],
    ['that is not JSON', line('{"secret":'), 'is not JSON'],
    ['that is a list', line('[]'), 'is not a CloudEvent: it must be one JSON object'],
    ['of another version', line(JSON.stringify({ ...good, specversion: '0.3' })), 'specversion must be "1.0"'],
    ['without an id', line(JSON.stringify({ ...good, id: undefined })), 'id must be 1 to 200'],
    ['with an id over two lines', line(JSON.stringify({ ...good, id: 'a\r\nb: c' })), 'id must be 1 to 200'],
    ['with a number for its source', line(JSON.stringify({ ...good, source: 1 })), 'source must be 1 to 200'],
    ['whose type is a pattern', line(JSON.stringify({ ...good, type: '>' })), "type must be an event's name"],
    ['at no time', line(JSON.stringify({ ...good, time: 'today' })), 'time must be an instant'],
    ['without data', line(JSON.stringify({ ...good, data: undefined })), 'data is missing'],
    [
      'that is nested too deep',
      line(`{${JSON.stringify(good).slice(1, -1)},"data":${'['.repeat(50_000)}${']'.repeat(50_000)}}`),
      'is nested too deep',
    ],
  ])('%s', (_, given, reason) => {
    const read = readEvent(given);
    expect(read).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
    expect(JSON.stringify(read)).not.toContain('secret');
  });
});

test('whatever is in the data is passed on as it stood there', () => {
  const data = '{ "quantity": 9007199254740993, "quantity": 1e400, "__proto__": {"a": "}\\"]"}, "x": [{}, 1.0 ] }';
  const read = readEvent(line(`{"data": ${data} ,"id":"e-1","specversion":"1.0","source":"s","type":"place-order"}`));
  expect(read.ok && Buffer.from(read.body).toString()).toBe(data);
});

test('what does not fit its schema is refused when that is asked for, and only then', () => {
  const read = readEvent(line(JSON.stringify(good)));
  expect(read.ok).toBe(true);
  expect(checkBody(read)).toMatchObject({ ok: false, id: 'e-1', reason: expect.stringContaining('requestId must be') });
});

test.each(['id', 'data', 'd\\u0061ta'])(
  'a line that gives %s twice is refused: which of the two counts is not said',
  (name) => {
    const twice = JSON.stringify(good).replace(/}$/, `,"${name}":"x"}`);
    const told = name === 'id' ? 'it has id twice' : 'it has data twice';
    expect(readEvent(line(twice))).toMatchObject({ ok: false, reason: expect.stringMatching(told) });
  },
);

test.each([
  ['a string with braces', '{"a":"},\\"data\\":1{","data":"x"}', '"x"'],
  ['a member of that name further down', '{"a":{"data":1},"data":2}', '2'],
  ['only a member of that name further down', '{"a":[{"data":1}]}', undefined],
  ['a value of that name', '{"a":"data"}', undefined],
  ['an escaped name', '{"d\\u0061ta":null}', 'null'],
  ['a colon in a name', '{"a:b":1,"data":{"c:d":[1,2]}}', '{"c:d":[1,2]}'],
  ['a backslash at the end', '{"a":"\\\\","data":[]}', '[]'],
])('the text of a member is found beside %s', (_, json, text) => {
  expect(new Map(memberTexts(json)).get('data')).toBe(text);
});

test('data_base64 is decoded, and passed on as the bytes that it stands for', () => {
  const { data, ...rest } = good;
  const bytes = Buffer.from(`${JSON.stringify(data)} `);
  const read = readEvent(line(JSON.stringify({ ...rest, data_base64: bytes.toString('base64') })));
  expect(read.ok && Buffer.from(read.body)).toEqual(bytes);
  expect(read.ok && read.event.data).toEqual(data);
});

test.each([
  ['no base64', { data: undefined, data_base64: 'a' }, 'data_base64 must be base64 text'],
  ['no text', { data: undefined, data_base64: 7 }, 'data_base64 must be base64 text'],
  ['beside data', { data_base64: 'e30=' }, 'has data and data_base64'],
])('data_base64 that is %s is refused', (_, changes, why) => {
  expect(readEvent(line(JSON.stringify({ ...good, ...changes })))).toMatchObject({
    ok: false,
    reason: expect.stringContaining(why),
  });
});
