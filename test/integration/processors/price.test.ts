import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrderPlacementProcessor } from '../../../activities/order-placement/processor.ts';
import type { Money } from '../../../contracts/money.ts';
import type { ChangePrice, OrderPlacementProcessor } from '../../../contracts/order-placement.ts';
import { address, anOrderId, atOnce, expectRefusal, isbns, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
let processor: OrderPlacementProcessor;
beforeAll(async () => {
  bench = await openWorkbench();
  processor = createOrderPlacementProcessor(bench.database);
});
afterAll(() => bench.close());

const eur = (amount: number): Money => ({ amount, currency: 'EUR' });

/** A title of the test's own, sold in euro and pound. */
async function aTitle(isbn: string, amount = 2490): Promise<string> {
  await bench.sql(`INSERT INTO order_placement.title VALUES ($1, 'A Title', 'An Author')`, [isbn]);
  await bench.sql(`INSERT INTO order_placement.price VALUES ($1, 'EUR', $2), ($1, 'GBP', 2150)`, [isbn, amount]);
  return isbn;
}

const change = (isbn: string, price: Money, request: string): ChangePrice => ({
  requestId: `price/${request}/change-price/1`,
  isbn,
  price,
});

const pricesOf = async (isbn: string) =>
  bench.sql<Money>('SELECT amount, currency FROM order_placement.price WHERE isbn = $1 ORDER BY currency', [isbn]);

const bodiesOf = async (isbn: string) =>
  (await bench.sql<{ body: unknown }>('SELECT body FROM outbox.fact WHERE key = $1 ORDER BY sequence', [isbn])).map(
    ({ body }) => body,
  );

describe('change-price', () => {
  it('changes one currency, and tells it once with the prices in all of them, however often it is asked', async () => {
    const isbn = await aTitle('9790000000105');
    const command = change(isbn, eur(2100), 'once');
    const [answer, ...others] = await atOnce(10, () => processor.changePrice(command));
    expect(answer).toEqual({ isbn, price: eur(2100), before: eur(2490), isChanged: true });
    for (const other of others) expect(other).toEqual(answer);
    const prices = [eur(2100), { amount: 2150, currency: 'GBP' }];
    expect(await pricesOf(isbn)).toEqual(prices);
    expect(await bench.factsOf(isbn)).toEqual(['price-changed']);
    expect(await bodiesOf(isbn)).toEqual([{ isbn, price: eur(2100), before: eur(2490), prices }]);
  });

  it('does not bring an older price back when it is repeated after another one', async () => {
    const isbn = await aTitle('9790000000112');
    const first = change(isbn, eur(2100), 'first');
    await processor.changePrice(first);
    await processor.changePrice(change(isbn, eur(1900), 'second'));
    expect(await processor.changePrice(first)).toMatchObject({ price: eur(2100), isChanged: true });
    expect(await pricesOf(isbn)).toMatchObject([eur(1900), {}]);
    expect(await bench.factsOf(isbn)).toEqual(['price-changed', 'price-changed']);
  });

  it('to the same price changes nothing and tells nothing', async () => {
    const isbn = await aTitle('9790000000129');
    expect(await processor.changePrice(change(isbn, eur(2490), 'same'))).toEqual({
      isbn,
      price: eur(2490),
      before: eur(2490),
      isChanged: false,
    });
    expect(await bench.factsOf(isbn)).toEqual([]);
  });

  it('in two currencies at once tells facts that each have all prices of then', async () => {
    const isbn = await aTitle('9790000000136');
    const release = await bench.holdFactsOf(isbn);
    const both = [
      processor.changePrice(change(isbn, eur(2000), 'eur')),
      processor.changePrice(change(isbn, { amount: 1700, currency: 'GBP' }, 'gbp')),
    ];
    await bench.waiting(2);
    await release();
    await Promise.all(both);
    expect((await bodiesOf(isbn)).at(-1)).toMatchObject({ prices: [eur(2000), { amount: 1700, currency: 'GBP' }] });
  });

  it('of an unknown title, or in a currency that it is not sold in, is refused and leaves no trace', async () => {
    const isbn = await aTitle('9790000000143');
    await expectRefusal(processor.changePrice(change('9790000000990', eur(1), 'none')), 'UnknownTitle', {
      isbns: ['9790000000990'],
    });
    await expectRefusal(
      processor.changePrice(change(isbn, { amount: 1, currency: 'USD' }, 'currency')),
      'UnknownTitle',
      { isbns: [], unpriced: [{ isbn, currency: 'USD', soldIn: ['EUR', 'GBP'] }] },
    );
    const answers = `SELECT FROM order_placement.answer WHERE request_id LIKE 'price/none/%' OR request_id LIKE 'price/currency/%'`;
    expect(await bench.sql(answers)).toEqual([]);
    expect(await bench.factsOf(isbn)).toEqual([]);
  });

  it.each([0, -1, 0.5, 2 ** 31])('to %d minor units is not stored, and is not tried again', async (amount) => {
    const call = processor.changePrice(change(isbns.low, eur(amount), `amount-${amount}`));
    await expect(call).rejects.toMatchObject({
      nonRetryable: true,
      message: 'A price is a whole number of minor units, 1 to 999999999; another one is not stored.',
    });
  });

  it('leaves the orders as they were, and counts for those that come', async () => {
    const isbn = await aTitle('9790000000150');
    const place = () => {
      const orderId = anOrderId();
      const lines = [{ isbn, quantity: 1 }];
      const placing = { customerId: 'c-1', lines, shipTo: address(), currency: 'EUR' as const };
      return processor.createOrder({ requestId: `${orderId}/create-order`, orderId, ...placing });
    };
    const before = await place();
    await processor.changePrice(change(isbn, eur(2100), 'orders'));
    const line = 'SELECT unit_amount AS amount FROM order_placement.order_line WHERE order_id = $1';
    expect(await bench.sql(line, [before.orderId])).toEqual([{ amount: 2490 }]);
    expect((await place()).lines).toMatchObject([{ unitPrice: eur(2100) }]);
  });
});
