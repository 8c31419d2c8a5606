import { describe, expect, test } from 'vitest';
import { readEvent } from '../../../../broker-bridge/intake/read-event.ts';
import { encodeEvent } from '../../../../broker-bridge/intake/encode-event.ts';
import { registered, shopRegistry } from '../../../support/intake.ts';
import { anOrder } from '../../../support/shop.ts';
import { bodyHash } from '../../../../contracts/schemas/initiating-events.ts';

const read = (message: Parameters<typeof readEvent>[0]) => readEvent(message, shopRegistry);

const message = (changes: Readonly<Record<string, string>> = {}, data: unknown = registered('e-1', 'c-1').data) => {
  const encoded = encodeEvent({ ...registered('e-1', 'c-1'), data });
  return { ...encoded, headers: { ...encoded.headers, ...changes } };
};

test('a correct event says whose it is and which mediator it goes to', () => {
  const event = read(message());
  if (!event.ok) throw new Error(event.message);
  expect(event).toMatchObject({
    identity: { source: 'test', id: 'e-1' },
    name: 'customer-registered',
    customerId: 'c-1',
  });
  expect(event.kind).toMatchObject({ channel: 'customer-mediator-queue', waitsUntil: 'complete' });
  expect(event).toMatchObject({ workflowId: 'customer/c-1', start: null });
});

test('an event that is delegated says how its mediator is started', () => {
  const order = anOrder({ customerId: 'c-1' });
  const event = read(encodeEvent({ id: 'o-1', source: 'test', type: 'place-order', data: order }));
  const workflowId = `order/${order.requestId}`;
  expect(event).toMatchObject({
    customerId: 'c-1',
    workflowId,
    start: { workflowId, memo: { bodyHash: bodyHash(order) } },
  });
});

test('a queued order has the hash that a client gives the same order, whatever the order of its fields', () => {
  const order = anOrder();
  const reversed = Object.fromEntries(Object.entries(order).toReversed());
  const event = read(encodeEvent({ id: 'o-1', source: 'test', type: 'place-order', data: reversed }));
  expect(event.bodyHash).toBe(bodyHash(order));
});

describe('what else CloudEvents allow', () => {
  test.each([
    ['a time with an offset', { 'ce-time': '2026-11-23T08:00:00.123456789+01:00' }],
    ['the schema by its name', { 'ce-dataschema': 'urn:order-mediator:customer-registered:1' }],
    ['extensions that nobody here knows', { 'ce-traceparent': '00-0', 'x-more': 'yes' }],
    ['a content type with a charset', { 'ce-datacontenttype': 'application/json; charset=utf-8' }],
    ['the content type of a transport beside that of the data', { 'content-type': 'application/octet-stream' }],
  ])('%s is taken', (_what, headers) => {
    expect(read(message(headers))).toMatchObject({ ok: true });
  });
});

test.each([
  ['content-type', 'application/xml'],
  ['content-type', 'application/json; charset=iso-8859-1'],
  ['ce-datacontenttype', 'text/plain'],
  ['content-type', 'application/json; charset=utf-8; charset=latin1'],
])('what says that it is not JSON in UTF-8, by %s as %s, is not taken for that', (name, value) => {
  expect(read(message({ 'ce-datacontenttype': '', [name]: value }))).toMatchObject({
    ok: false,
    reason: 'bad-headers',
    problems: [{ field: name, message: 'must be JSON in UTF-8, as in application/json' }],
  });
});

test('a bad body says which field is wrong, and whose event it is', () => {
  const event = read(message({}, { customerId: 'c-9', name: 'Anna', email: 'Anna@Example.com' }));
  expect(event).toMatchObject({ ok: false, reason: 'bad-body', customerId: 'c-9', problems: [{ field: 'email' }] });
});

test('without a key the body says whose event it is; a name that cannot be one is left out', () => {
  const { headers, ...rest } = message({}, { customerId: 'c-9' });
  const { 'ce-partitionkey': _key, ...others } = headers as Record<string, string>;
  expect(read({ ...rest, headers: others })).toMatchObject({ ok: false, customerId: 'c-9' });
  expect(read(message({ 'ce-partitionkey': 'x y' }, { customerId: 7 }))).toMatchObject({ ok: false, customerId: null });
});

test('every header that is wrong is named once, and none is quoted', () => {
  const event = read(message({ 'ce-id': 'se cret', 'ce-specversion': '2.0', 'ce-type': 'secret' }));
  if (event.ok) throw new Error('it was taken');
  expect(event.problems.map(({ field }) => field)).toEqual(['ce-specversion', 'ce-type', 'ce-id']);
  expect(event.message).not.toContain('cret');
  expect(event.identity).toBeNull();
});

test('also a bad event has the class of its name, and one that nobody knows has none', () => {
  expect(read(message({}, {}))).toMatchObject({ ok: false, mediatorClass: 'simple' });
  const nobody = message();
  expect(read({ ...nobody, subject: 'customer.event.nobody' })).toMatchObject({ ok: false, mediatorClass: null });
});

test('headers that are written in other letters are wrong, and still say which event it is and whose', () => {
  const { headers, ...rest } = message({ 'repair-case': 'a\u0000b' }, { customerId: 7 });
  const shouted = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
  const event = read({ ...rest, headers: { ...shouted, 'ce-partitionkey': 'c-1' } });
  expect(event).toMatchObject({ reason: 'bad-headers', identity: { source: 'test', id: 'e-1' }, customerId: 'c-1' });
  expect(read({ ...rest, headers }).claimedCase).toBeNull();
});

test.each([
  ['urn:order-mediator:customer-registered:2', 'The event was written to another version of its schema.'],
  ['urn:order-mediator:place-order:1', 'The event names a schema that is not its own.'],
  ['https://shop.example/schemas/customer.json', 'The event names a schema that is not its own.'],
])('an event of the schema %s is told what is wrong with that', (dataschema, sentence) => {
  expect(read(message({ 'ce-dataschema': dataschema }))).toMatchObject({
    ok: false,
    reason: 'wrong-version',
    message: sentence,
  });
});
