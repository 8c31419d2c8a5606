import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseReason } from '../../../contracts/mediators/repair.ts';
import { headersOf, openIntakeBench, registered, type IntakeBench, type RawMessage } from '../../support/intake.ts';
import { publishLines } from '../../support/publish-lines.ts';
import { until } from '../../support/until.ts';

let bench: IntakeBench;

beforeAll(async () => {
  bench = await openIntakeBench();
});

afterAll(() => bench?.rig.close());

const subject = 'customer.event.customer-registered';
const good = JSON.stringify({ customerId: 'c-1', name: 'Anna', email: 'anna@example.com' });
const secret = 'card_of_somebody';

/** A message that would be good but for this. */
const raw = (id: string, data: RawMessage['data'], changes: Readonly<Record<string, string>> = {}): RawMessage => ({
  subject,
  headers: headersOf('customer-registered', id, changes),
  data,
});

const without = (name: string): RawMessage => {
  const { [name]: _left, ...headers } = headersOf('customer-registered', `without-${name}`) as Record<string, string>;
  return { subject, headers, data: good };
};

type Poison = readonly [string, CaseReason, RawMessage];

const poisons: readonly Poison[] = [
  ['no JSON', 'not-json', raw('not-json', `{ "customerId": ${secret}`)],
  ['nothing', 'not-json', raw('empty', '')],
  ['a byte order mark', 'not-json', raw('bom', `\uFEFF${good}`)],
  ['900 KB', 'too-large', raw('large', JSON.stringify({ ...JSON.parse(good), name: 'x'.repeat(900 * 1024) }))],
  ['a depth of 10,000', 'too-deep', raw('deep', '['.repeat(10_000) + ']'.repeat(10_000))],
  ['a text that never closes', 'not-json', raw('endless', `{"a":"${'\\"'.repeat(32_000)}`)],
  ['a depth of 10,000 that is no JSON', 'too-deep', raw('deep-open', '{"a":'.repeat(10_000))],
  ['__proto__', 'bad-body', raw('proto', good.replace('{', '{"__proto__":{"isAdmin":true},'))],
  ['constructor', 'bad-body', raw('constructor', good.replace('{', '{"constructor":{"prototype":{}},'))],
  ['a field nobody knows', 'bad-body', raw('field', good.replace('{', '{"more":1,'))],
  ['invalid UTF-8', 'not-utf8', raw('utf8', Uint8Array.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]))],
  ['a number past 2^53', 'bad-body', raw('number', good.replace('{', '{"quantity":9007199254740993,'))],
  ['a number past all', 'bad-body', raw('infinite', good.replace('{', '{"quantity":1e999,'))],
  [
    'an older version',
    'wrong-version',
    raw('old', good, { 'ce-dataschema': 'urn:order-mediator:customer-registered:0' }),
  ],
  ['another schema', 'wrong-version', raw('schema', good, { 'ce-dataschema': 'https://example.com/schema' })],
  [
    'a name nobody knows',
    'unknown-event',
    { subject: 'customer.event.nobody', headers: headersOf('nobody', 'name'), data: good },
  ],
  [
    'the name of a method',
    'unknown-event',
    { subject: 'customer.event.toString', headers: headersOf('toString', 'method'), data: good },
  ],
  ['no headers at all', 'bad-headers', { subject, data: good }],
  ['no ce-id', 'bad-headers', without('ce-id')],
  ['no ce-source', 'bad-headers', without('ce-source')],
  ['no ce-type', 'bad-headers', without('ce-type')],
  ['no ce-specversion', 'bad-headers', without('ce-specversion')],
  ['another specversion', 'bad-headers', raw('spec', good, { 'ce-specversion': '0.3' })],
  ['another type than the subject', 'bad-headers', raw('type', good, { 'ce-type': 'place-order' })],
  ['an id of 5,000 characters', 'bad-headers', raw('x'.repeat(5_000), good)],
  ['a source of ours', 'bad-headers', raw('source', good, { 'ce-source': 'client' })],
  ['a time that is none', 'bad-headers', raw('time', good, { 'ce-time': 'yesterday' })],
  ['a key that is none', 'bad-headers', raw('key', good, { 'ce-partitionkey': 'not a customer' })],
  ['the key of another customer', 'bad-headers', raw('other-key', good, { 'ce-partitionkey': 'c-2' })],
];

test('poison of every kind is a dead letter once, with its reason, and holds up no other customer', async () => {
  const places = new Map<number, readonly [string, CaseReason, RawMessage]>();
  for (const [index, poison] of poisons.entries()) {
    places.set(await bench.sendRaw(poison[2]), poison);
    await bench.send(registered(`good-${index}`, `good-${index}`));
  }
  bench.startIntake();
  await bench.drained();
  const reasons = bench.sentLetters.map(({ event }) => {
    const [what] = places.get(event.streamSequence) ?? [];
    return `${what}: ${event.reason}`;
  });
  expect(reasons.toSorted()).toEqual(poisons.map(([what, reason]) => `${what}: ${reason}`).toSorted());
  const areComplete = async () => (await bench.rows(`state = 'complete'`)).length === poisons.length;
  await until(areComplete, { what: 'every good one to be complete' });
  const rows = await bench.rows();
  expect(rows.filter(({ state }) => state === 'dead-lettered')).toHaveLength(poisons.length);
  expect(rows.filter(({ state }) => state === 'dead-lettered').every(({ caseId }) => caseId !== null)).toBe(true);
  const unclassified = await bench.sql.query(
    'SELECT name FROM mediator_store.initiating_event WHERE mediator_class IS NULL ORDER BY position',
  );
  expect(unclassified.rows.map(({ name }: { name: string }) => name)).toEqual(['nobody', 'toString']);
  const consumer = await bench.broker.consumerInfo('CUSTOMER_EVENTS', 'customer-event-queue');
  expect(consumer).toMatchObject({ pending: 0, inFlight: 0, redelivered: 0 });
  expect(Object.prototype).not.toHaveProperty('isAdmin');
});

test('a case has the bytes, headers and subject as they came, and its sentences quote nothing', async () => {
  const before = bench.sentLetters.length;
  const quoting = good.replace('anna@example.com', secret);
  const sent = [
    raw('quoted-1', `{ "customerId": ${secret}`),
    raw('quoted-2', quoting),
    raw('quoted-3', quoting, { 'ce-time': secret }),
    raw('quoted-4', Uint8Array.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])),
  ];
  for (const message of sent) await bench.sendRaw(message);
  await bench.drained();
  const letters = bench.sentLetters.slice(before).map(({ event }) => event);
  const cases = letters.toSorted((one, other) => one.streamSequence - other.streamSequence);
  expect(cases.map(({ headers }) => headers)).toEqual(sent.map(({ headers }) => headers));
  expect(cases.map(({ body }) => Buffer.from(body))).toEqual(sent.map(({ data }) => Buffer.from(data as string)));
  for (const event of cases) {
    expect(event.message).toMatch(/^[A-Z].*\.$/);
    expect(JSON.stringify([event.message, event.problems])).not.toContain(secret);
    expect(event.subject).toBe(subject);
  }
  expect(bench.told.length).toBeGreaterThan(0);
  expect(bench.told.join('\n')).not.toContain(secret);
});

test('a bad event that is sent again is the same case; the message of each is in the case alone', async () => {
  const before = bench.sentLetters.length;
  await bench.sendRaw(raw('not-json', `{ "customerId": ${secret}`));
  await bench.drained();
  expect(bench.sentLetters).toHaveLength(before);
  expect((await bench.rows('event_id = $1', ['not-json']))[0]).toMatchObject({
    state: 'dead-lettered',
    hasBody: false,
  });
});

test('what no PostgreSQL text can hold is kept all the same, and the next event goes on', async () => {
  const lines = ['ce-specversion: 1.0', 'ce-id: n\u0000l', 'ce-source: te\u0000st', 'ce-type: customer-registered'];
  await publishLines(bench.rig.nats, subject, lines, good);
  await bench.send(registered('after-nul', 'after-nul'));
  await bench.drained();
  await until(async () => (await bench.rows('event_id = $1', ['after-nul']))[0]?.state === 'complete');
  expect(bench.sentLetters.at(-1)?.event).toMatchObject({ reason: 'bad-headers', headers: { 'ce-id': 'n\uFFFDl' } });
});
