import { expect, test } from 'vitest';
import type { PlaceOrder } from '../../../contracts/place-order.ts';
import { bodyHash } from '../../../contracts/schemas/initiating-events.ts';

const order: PlaceOrder = {
  requestId: 'req-00000001',
  customerId: 'c-1',
  lines: [{ isbn: '9780134685991', quantity: 2 }],
  card: 'card_ok',
  shipTo: { name: 'Ada Example', street: '1 Main Street', city: 'Bergen', postcode: '5003', country: 'NO' },
  currency: 'EUR',
};

/** The same order with the fields of every object the other way round. */
const reversed = <T>(value: T): T =>
  Array.isArray(value)
    ? (value.map(reversed) as T)
    : typeof value === 'object' && value !== null
      ? (Object.fromEntries(
          Object.entries(value)
            .toReversed()
            .map(([key, part]) => [key, reversed(part)]),
        ) as T)
      : value;

test('the order of fields does not change the hash, which stays what it has always been', () => {
  expect(bodyHash(reversed(order))).toBe(bodyHash(order));
  expect(bodyHash(order)).toBe('d08a40fd2f5b180b71c7c6642b4ec5cffcc39827e4b4eeb6ff0bcc078793baab');
});

test('any other content changes the hash', () => {
  expect(bodyHash({ ...order, lines: [{ isbn: '9780134685991', quantity: 3 }] })).not.toBe(bodyHash(order));
});
