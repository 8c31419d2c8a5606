import { describe, expect, test } from 'vitest';
import { decodeFact, encodeFact, NotAFact } from '../../../broker-bridge/facts/cloud-events.ts';
import { aWrittenFact } from '../../support/facts.ts';

const shipped = '{"orderId":"ord-1a2b3c","carrier":"Postal","method":"parcel","trackingNumber":"T1"}';
const written = aWrittenFact('order-shipped', 'ord-1a2b3c', shipped, { sequence: 7 });
const message = encodeFact(written);
const withHeader = (name: string, value: string | undefined) => {
  const { [name]: _dropped, ...rest } = message.headers;
  return { ...message, headers: value === undefined ? rest : { ...rest, [name]: value } };
};
const withBody = (body: string) => ({ ...message, data: new TextEncoder().encode(body) });

describe('a fact as a CloudEvents message', () => {
  test('is read back as it was written', () => {
    expect(decodeFact(message)).toEqual({ ...written, version: 1, body: JSON.parse(written.body) as unknown });
  });

  test('names area, fact and key in its subject, and its id as the message id', () => {
    expect(message.subject).toBe('orders.fact.order-shipped.ord-1a2b3c');
    expect(message.id).toBe(written.id);
    expect(message.headers).toMatchObject({
      'ce-specversion': '1.0',
      'ce-keysequence': '7',
      'ce-type': 'order-shipped',
    });
  });

  test.each([
    ['anna.b', 'anna%2Eb'],
    ['a b', 'a%20b'],
    ['*', '%2A'],
    ['>', '%3E'],
    ['a%2Eb', 'a%252Eb'],
    ['..', '%2E%2E'],
    ['Åse', '%C3%85se'],
    ['a_b-c1', 'a_b-c1'],
    ['k'.repeat(200), 'k'.repeat(200)],
  ])('carries the key %j in one token of its subject, and whole in ce-partitionkey', (key, token) => {
    const sent = encodeFact({ ...written, key });
    expect(sent.subject).toBe(`orders.fact.order-shipped.${token}`);
    expect(sent.headers).toMatchObject({ 'ce-partitionkey': key, 'ce-subject': key });
    expect(decodeFact(sent).key).toBe(key);
  });

  test('is not made of half a character', () => {
    expect(() => encodeFact({ ...written, key: '\uD800' })).toThrow(URIError);
  });

  test.each([
    ['ce-id', 'not-a-uuid'],
    ['ce-id', undefined],
    ['ce-source', 'somebody-else'],
    ['ce-type', 'order-created'],
    ['ce-subject', 'ord-other'],
    ['ce-time', 'yesterday'],
    ['ce-time', '2026-02-30T10:00:00.000Z'],
    ['ce-keysequence', '0'],
    ['ce-keysequence', '1.5'],
    ['ce-keysequence', undefined],
    ['ce-keyepoch', '0'],
    ['ce-keyepoch', undefined],
    ['ce-dataschema', 'urn:order-mediator:order-created:1'],
    ['ce-dataschema', 'urn:order-mediator:order-shipped:one'],
    ['ce-dataschema', undefined],
    ['ce-specversion', '0.3'],
    ['content-type', 'application/cloudevents-batch+json'],
  ])('is refused with the header %s as %j', (name, value) => {
    expect(() => decodeFact(withHeader(name, value))).toThrow(NotAFact);
    expect(() => decodeFact(withHeader(name, value))).toThrow(new RegExp(name));
  });

  test.each(['', '{', '[]', '"text"', 'null', '7'])('is refused with the body %j', (body) => {
    expect(() => decodeFact(withBody(body))).toThrow(NotAFact);
  });

  test('is refused with a body that is not UTF-8', () => {
    expect(() => decodeFact({ ...message, data: Uint8Array.of(0xff, 0xfe) })).toThrow(NotAFact);
  });

  test.each([
    'orders.fact.order-shipped',
    'orders.ask.order-shipped.ord-1a2b3c',
    'weather.fact.order-shipped.ord-1a2b3c',
  ])('is refused on the subject %s', (subject) => {
    expect(() => decodeFact({ ...message, subject })).toThrow(NotAFact);
  });

  test('passes in a newer version of its schema, which has more fields', () => {
    const newer = withHeader('ce-dataschema', 'urn:order-mediator:order-shipped:2');
    expect(decodeFact(newer)).toMatchObject({ name: 'order-shipped', version: 2 });
  });

  test('says the request that it belongs to and what caused it, where that is known', () => {
    const known = encodeFact({ ...written, correlationId: 'request-1', causationId: 'ord-1a2b3c/ship-order/1' });
    expect(known.headers).toMatchObject({
      'ce-correlationid': 'request-1',
      'ce-causationid': 'ord-1a2b3c/ship-order/1',
    });
    expect(decodeFact(known)).toMatchObject({ correlationId: 'request-1', causationId: 'ord-1a2b3c/ship-order/1' });
    expect(Object.keys(message.headers)).not.toContain('ce-causationid');
  });

  test('says its source: that of the shop, or of payment with a database of its own; no other is one', () => {
    const paid = encodeFact({ ...written, source: 'order-mediator/payment' });
    expect(paid.headers).toMatchObject({ 'ce-source': 'order-mediator/payment' });
    expect(decodeFact(paid).source).toBe('order-mediator/payment');
    expect(decodeFact(message).source).toBe('order-mediator');
    expect(() => decodeFact(withHeader('ce-source', 'order-mediator/shipping'))).toThrow(NotAFact);
  });

  test('is read in structured mode as well', () => {
    const { headers, data } = message;
    const attributes = Object.entries(headers).map(([name, value]) => [name.slice('ce-'.length), value]);
    const event = { ...Object.fromEntries(attributes), data: JSON.parse(new TextDecoder().decode(data)) as unknown };
    const structured = {
      subject: message.subject,
      headers: { 'content-type': 'application/cloudevents+json' },
      data: new TextEncoder().encode(JSON.stringify(event)),
    };
    expect(decodeFact(structured)).toEqual(decodeFact(message));
  });

  test('passes with a name that this version does not know yet', () => {
    const newer = {
      ...message,
      headers: {
        ...message.headers,
        'ce-type': 'order-gift-wrapped',
        'ce-dataschema': 'urn:order-mediator:order-gift-wrapped:1',
      },
    };
    const subject = 'orders.fact.order-gift-wrapped.ord-1a2b3c';
    expect(decodeFact({ ...newer, subject }).name).toBe('order-gift-wrapped');
  });

  test('never says anything of the body in a refusal', () => {
    expect(() => decodeFact(withBody('{"secret": tok_abc'))).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('tok_abc') as string, cause: undefined }) as Error,
    );
  });
});
