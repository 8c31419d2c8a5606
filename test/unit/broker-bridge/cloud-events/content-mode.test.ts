import { describe, expect, test } from 'vitest';
import { problemOfMode, toBinaryMode } from '../../../../broker-bridge/cloud-events/content-mode.ts';
import structured from './structured.json' with { type: 'json' };

const subject = 'customer.event.customer-registered';
const customer = { customerId: 'c-1', name: 'Zoë "Z" Ωmega', email: 'zoe@example.com' };
const sent = (contentType: string, body: string) => ({
  subject,
  headers: { 'content-type': contentType, 'repair-case': 'case-1', 'ce-id': 'another' },
  data: new TextEncoder().encode(body),
});
const jsonOf = (data: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(data)) as unknown;
const event = { specversion: '1.0', id: 'e-1', source: 'urn:shop', type: 'customer-registered' };

/* `structured.json` was made with the CloudEvents SDKs that it names. They have no binding of NATS, so that only the event format is theirs. */
describe('an event in structured mode', () => {
  test.each(structured)('by $sdk, $name, is the same event in binary mode', ({ contentType, body }) => {
    const message = toBinaryMode(sent(contentType, body));
    const { id } = jsonOf(new TextEncoder().encode(body)) as { id: string };
    expect(message.headers).toMatchObject({
      'ce-specversion': '1.0',
      'ce-id': id,
      'ce-source': 'urn:example:web-shop',
      'ce-type': 'customer-registered',
      'ce-partitionkey': 'c-1',
      'repair-case': 'case-1',
    });
    expect(message.headers).not.toHaveProperty('content-type');
    if (id === 'e-2')
      expect(message.headers).toMatchObject({ 'ce-count': '7', 'ce-urgent': 'true', 'ce-note': 'a "b" 100% ü' });
    expect(jsonOf(message.data)).toEqual(customer);
    expect(problemOfMode(message)).toBeUndefined();
  });

  test('has its data to the byte, also numbers that JavaScript cannot hold', () => {
    const data = '{ "n": 9007199254740993, "n": 1e400 }';
    const body = `${JSON.stringify(event).slice(0, -1)}, "data": ${data}}`;
    const message = toBinaryMode(sent('Application/CloudEvents+JSON', body));
    expect(new TextDecoder().decode(message.data)).toBe(data);
  });

  test('has text that is no JSON as the text', () => {
    const body = JSON.stringify({ ...event, datacontenttype: 'text/plain', data: 'Grüße' });
    expect(new TextDecoder().decode(toBinaryMode(sent('application/cloudevents', body)).data)).toBe('Grüße');
  });

  test.each([
    ['no JSON', '{"id":', 'the body is not JSON'],
    ['a list', '[]', 'must be one JSON object'],
    ['an attribute twice', '{"id":"a","id":"b"}', 'it has id twice'],
    ['an attribute that is an object', JSON.stringify({ ...event, note: { secret: 1 } }), 'an attribute is malformed'],
    ['an id that is a number', JSON.stringify({ ...event, id: 7 }), 'an attribute is malformed'],
    ['a fraction', JSON.stringify({ ...event, rate: 0.5 }), 'an attribute is malformed'],
    ['a name in capitals', JSON.stringify({ ...event, partitionKey: 'c' }), 'an attribute is malformed'],
    ['data in two forms', JSON.stringify({ ...event, data: 1, data_base64: '' }), 'has data and data_base64'],
  ])('that holds %s stays as it is, with the reason', (_, body, reason) => {
    const message = sent('application/cloudevents+json', body);
    expect(toBinaryMode(message)).toBe(message);
    expect(problemOfMode(message)).toContain(reason);
    expect(problemOfMode(message)).not.toContain('secret');
  });
});

describe('every other message', () => {
  test.each([undefined, 'application/json', 'text/plain', 'application/octet-stream'])(
    'is in binary mode with the content type %j',
    (contentType) => {
      const headers = { 'ce-id': 'e-1', ...(contentType === undefined ? {} : { 'content-type': contentType }) };
      const message = { subject, headers, data: new Uint8Array() };
      expect(toBinaryMode(message)).toBe(message);
      expect(problemOfMode(message)).toBeUndefined();
    },
  );

  test.each([
    ['application/cloudevents-batch+json', 'send each event as a message of its own'],
    ['APPLICATION/CLOUDEVENTS-BATCH+JSON; charset=utf-8', 'send each event as a message of its own'],
    ['application/cloudevents+xml', 'use application/cloudevents+json'],
  ])('of the content type %s is refused with a sentence', (contentType, sentence) => {
    const message = sent(contentType, '[]');
    expect(toBinaryMode(message)).toBe(message);
    expect(problemOfMode(message)).toContain(sentence);
  });
});
