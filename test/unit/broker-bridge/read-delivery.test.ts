import { expect, test } from 'vitest';
import { readDelivery } from '../../../broker-bridge/deliveries/read-delivery.ts';
import { deliveryEvent } from '../../../stack/supplier/telling.ts';

const delivered = { purchaseOrderId: 'po-1', deliveryId: 'po-1-1', quantity: 7 };
const event = deliveryEvent(delivered, '2026-11-23T10:00:00Z');
const bytes = (body: unknown) => new TextEncoder().encode(JSON.stringify(body));

test('a delivery is read as the supplier sends it, with fields that are not known, and in structured mode', () => {
  expect(readDelivery(event)).toEqual({ ok: true, delivered });
  expect(readDelivery({ ...event, data: bytes({ ...delivered, carrier: 'Postal' }) })).toEqual({ ok: true, delivered });
  const { subject } = event;
  const attributes = { specversion: '1.0', id: 'po-1-1', source: 'urn:supplier', type: 'stock-delivered' };
  const headers = { 'content-type': 'application/cloudevents+json' };
  expect(readDelivery({ subject, headers, data: bytes({ ...attributes, data: delivered }) })).toEqual({
    ok: true,
    delivered,
  });
});

test.each([
  ['no JSON', { data: new TextEncoder().encode('{ no') }, 'not-json'],
  ['no object', { data: bytes(null) }, 'bad-body'],
  ['no pieces', { data: bytes({ ...delivered, quantity: 0 }) }, 'bad-body'],
  ['half a piece', { data: bytes({ ...delivered, quantity: 1.5 }) }, 'bad-body'],
  ['pieces as text', { data: bytes({ ...delivered, quantity: '7' }) }, 'bad-body'],
  ['more pieces than can be kept', { data: bytes({ ...delivered, quantity: 3_000_000_000 }) }, 'bad-body'],
  ['no delivery id', { data: bytes({ ...delivered, deliveryId: undefined }) }, 'bad-body'],
  ['an id that is no name', { data: bytes({ ...delivered, deliveryId: 'a/b' }) }, 'bad-body'],
  ['another event', { headers: { ...event.headers, 'ce-type': 'stock-ordered' } }, 'bad-headers'],
  ['no headers', { headers: {} }, 'bad-headers'],
  ['another version', { headers: { ...event.headers, 'ce-dataschema': 'urn:x:y:9' } }, 'bad-headers'],
  ['a batch', { headers: { ...event.headers, 'content-type': 'application/cloudevents-batch+json' } }, 'bad-headers'],
] as const)('a message with %s is refused with a sentence', (_, changes, reason) => {
  const read = readDelivery({ ...event, ...changes });
  expect(read).toMatchObject({ ok: false, fault: { reason, message: expect.stringMatching(/\.$/) as string } });
});
