import { afterAll, beforeAll, expect, test } from 'vitest';
import { headersOf, openIntakeBench, type IntakeBench } from '../../support/intake.ts';
import { until } from '../../support/until.ts';

let bench: IntakeBench;

beforeAll(async () => {
  bench = await openIntakeBench();
  bench.startIntake();
});

afterAll(() => bench?.rig.close());

const subject = 'customer.event.customer-registered';
const dataOf = (customerId: string) => ({ customerId, name: 'Anna', email: 'anna@example.com' });
const structuredEvent = (id: string, more: object = {}) =>
  JSON.stringify({ specversion: '1.0', id, source: 'test', type: 'customer-registered', data: dataOf(id), ...more });
const inStructuredMode = { 'content-type': 'application/cloudevents+json; charset=utf-8' };

const complete = (id: string) =>
  until(async () => (await bench.rows('event_id = $1', [id]))[0]?.state === 'complete', {
    what: `${id} to be complete`,
  });

/** The case of the message at this place of the queue. */
const caseAt = (streamSequence: number) =>
  until(() => bench.sentLetters.find(({ event }) => event.streamSequence === streamSequence)?.event, {
    what: 'its case',
  });

test('an event in structured mode is handled, and a repeat of it in binary mode is the same event', async () => {
  await bench.sendRaw({ subject, headers: inStructuredMode, data: structuredEvent('structured') });
  await complete('structured');
  const headers = headersOf('customer-registered', 'structured');
  await bench.sendRaw({ subject, headers, data: JSON.stringify(dataOf('structured')) });
  await bench.drained();
  expect(await bench.rows('event_id = $1', ['structured'])).toHaveLength(1);
  expect(bench.sentLetters).toEqual([]);
});

test('a bad event in structured mode is repaired as one in binary mode is', async () => {
  const data = { ...dataOf('bad-one'), email: 7 };
  const at = await bench.sendRaw({ subject, headers: inStructuredMode, data: structuredEvent('bad-one', { data }) });
  const event = await caseAt(at);
  expect(event).toMatchObject({ reason: 'bad-body', customerId: 'bad-one', problems: [{ field: 'email' }] });
  expect(event.headers).toMatchObject({ 'ce-id': 'bad-one', 'ce-source': 'test' });
  expect(new TextDecoder().decode(event.body)).toBe(JSON.stringify(data));
});

test.each([
  ['a batch', 'application/cloudevents-batch+json', `[${structuredEvent('b-1')}]`, 'as a message of its own'],
  ['another format', 'application/cloudevents+xml', '<event/>', 'use application/cloudevents+json'],
  ['JSON that is cut', 'application/cloudevents+json', structuredEvent('b-2').slice(0, -9), 'the body is not JSON'],
])('%s is refused with a sentence, whole in its case', async (_, contentType, data, sentence) => {
  const at = await bench.sendRaw({ subject, headers: { 'content-type': contentType }, data });
  const event = await caseAt(at);
  expect(event).toMatchObject({ reason: 'bad-headers', problems: [{ field: 'content-type' }] });
  expect(event.message).toContain(sentence);
  expect(new TextDecoder().decode(event.body)).toBe(data);
});

test('the values of headers are percent-encoded: an id that is encoded without need is the same id', async () => {
  const send = (id: string, more: Readonly<Record<string, string>> = {}) =>
    bench.sendRaw({
      subject,
      headers: { ...headersOf('customer-registered', id), ...more },
      data: JSON.stringify(dataOf('encoded')),
    });
  await send('encoded', { 'ce-partitionkey': 'enc%6Fded' });
  await complete('encoded');
  await send('enc%6fded');
  await bench.drained();
  expect(await bench.rows('customer_id = $1', ['encoded'])).toHaveLength(1);
  const seq = await send('two%20words');
  expect(await caseAt(seq)).toMatchObject({ reason: 'bad-headers', problems: [{ field: 'ce-id' }] });
  expect((await caseAt(seq)).headers['ce-id']).toBe('two words');
});
