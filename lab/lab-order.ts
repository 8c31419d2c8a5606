import { randomUUID } from 'node:crypto';
import type { PlaceOrder } from '../contracts/place-order.ts';

/** A correct order of one title, under a new request id: measurements place it again and again. */
export const labOrder = (): PlaceOrder => ({
  requestId: randomUUID(),
  customerId: 'c-1',
  lines: [{ isbn: '9780134685991', quantity: 1 }],
  card: 'card_ok',
  shipTo: { name: 'Lab', street: '1 Bench Road', city: 'Berlin', postcode: '10115', country: 'DE' },
  currency: 'EUR',
});
