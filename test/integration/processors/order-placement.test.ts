import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrderPlacementProcessor } from '../../../activities/order-placement.ts';
import type { CreateOrder, OrderPlacementProcessor } from '../../../contracts/order-placement.ts';
import { createOrderPlacementStore } from '../../../prisma/stores/order-placement.ts';
import { address, anOrderId, atOnce, expectRefusal, isbns, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
let processor: OrderPlacementProcessor;
beforeAll(async () => {
  bench = await openWorkbench();
  processor = createOrderPlacementProcessor({ store: createOrderPlacementStore(bench.database) });
});
afterAll(() => bench.close());

const creation = (changes: Partial<CreateOrder> = {}): CreateOrder => {
  const orderId = changes.orderId ?? anOrderId();
  const lines = [
    { isbn: isbns.plenty, quantity: 2 },
    { isbn: isbns.alsoPlenty, quantity: 1 },
  ];
  return {
    requestId: `${orderId}/create-order`,
    orderId,
    customerId: 'c-1',
    lines,
    shipTo: address(),
    currency: 'EUR',
    ...changes,
  };
};

const cancel = (orderId: string) => ({ requestId: `${orderId}/cancel-order/1`, orderId, reason: 'Out of stock.' });

const rowsOf = async (orderId: string): Promise<number> => {
  const tables = ['guard', 'answer', 'placed_order', 'order_line'];
  const counts = tables.map((table) => `(SELECT count(*) FROM order_placement.${table} WHERE order_id = $1)`);
  const [row] = await bench.sql<{ rows: number }>(`SELECT (${counts.join(' + ')})::int AS rows`, [orderId]);
  return row?.rows ?? NaN;
};

describe('create-order', () => {
  it('answers with a price snapshot, the flat shipping of the zone, and their sum', async () => {
    const command = creation();
    expect(await processor.createOrder(command)).toEqual({
      orderId: command.orderId,
      lines: [
        { isbn: isbns.plenty, quantity: 2, title: 'Effective Java', unitPrice: { amount: 4590, currency: 'EUR' } },
        { isbn: isbns.alsoPlenty, quantity: 1, title: 'Clean Code', unitPrice: { amount: 4190, currency: 'EUR' } },
      ],
      shipping: { amount: 490, currency: 'EUR' },
      total: { amount: 2 * 4590 + 4190 + 490, currency: 'EUR' },
      customer: { name: 'Anna Lindqvist', email: 'anna.lindqvist@example.com' },
    });
    expect(await bench.factsOf(command.orderId)).toEqual(['order-created']);
  });

  it('prices in the currency and zone of the order', async () => {
    const { shipping, total } = await processor.createOrder(creation({ currency: 'USD', shipTo: address('US') }));
    expect(shipping).toEqual({ amount: 1649, currency: 'USD' });
    expect(total.currency).toBe('USD');
  });

  it('keeps the prices it gave when the catalogue changes', async () => {
    const command = creation({ lines: [{ isbn: '9780201633610', quantity: 1 }] });
    const before = await processor.createOrder(command);
    await bench.sql(`UPDATE order_placement.price SET amount = amount + 100 WHERE isbn = '9780201633610'`);
    expect(await processor.createOrder(command)).toEqual(before);
  });

  it('gives the same answer to the same request 20 times at once, and writes one order', async () => {
    const command = creation();
    const answers = await atOnce(20, () => processor.createOrder(command));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await rowsOf(command.orderId)).toBe(5);
    expect(await bench.factsOf(command.orderId)).toEqual(['order-created']);
  });

  it('refuses an unknown customer and leaves no row', async () => {
    const command = creation({ customerId: 'c-nobody' });
    await expectRefusal(processor.createOrder(command), 'UnknownCustomer', { customerId: 'c-nobody' });
    expect(await rowsOf(command.orderId)).toBe(0);
    expect(await bench.factsOf(command.orderId)).toEqual([]);
  });

  it('refuses unknown titles, names them all, and leaves no row', async () => {
    const unknown = ['9789999999991', '9789999999984'];
    const lines = [isbns.plenty, ...unknown].map((isbn) => ({ isbn, quantity: 1 }));
    const command = creation({ lines });
    await expectRefusal(processor.createOrder(command), 'UnknownTitle', { isbns: unknown });
    expect(await rowsOf(command.orderId)).toBe(0);
  });

  it('gives the known answer although the customer is gone since', async () => {
    await bench.sql(`INSERT INTO order_placement.customer VALUES ('c-gone', 'Gone', 'gone@example.com')`);
    const command = creation({ customerId: 'c-gone' });
    const before = await processor.createOrder(command);
    await bench.sql(`DELETE FROM order_placement.customer WHERE customer_id = 'c-gone'`);
    expect(await processor.createOrder(command)).toEqual(before);
  });

  it('adds up amounts beyond 32 bits', async () => {
    await bench.sql(`INSERT INTO order_placement.title VALUES ('9790000000001', 'Gold', 'Nobody')`);
    await bench.sql(`INSERT INTO order_placement.price VALUES ('9790000000001', 'EUR', 2000000000)`);
    const { total } = await processor.createOrder(creation({ lines: [{ isbn: '9790000000001', quantity: 10_000 }] }));
    expect(total.amount).toBe(20_000_000_000_490);
  });
});

describe('cancel-order', () => {
  it('cancels once, and says so again', async () => {
    const { orderId } = await processor.createOrder(creation());
    const answers = await atOnce(20, () => processor.cancelOrder(cancel(orderId)));
    expect(answers).toEqual(answers.map(() => ({ cancelled: true })));
    expect(await bench.factsOf(orderId)).toEqual(['order-created', 'order-cancelled']);
  });

  it('does nothing when there is no such order', async () => {
    const orderId = anOrderId();
    expect(await processor.cancelOrder(cancel(orderId))).toEqual({ cancelled: false });
    expect(await bench.factsOf(orderId)).toEqual([]);
  });
});
