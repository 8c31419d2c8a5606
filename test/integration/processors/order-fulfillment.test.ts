import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrderFulfillmentProcessor } from '../../../activities/order-fulfillment/processor.ts';
import type { OrderFulfillmentProcessor } from '../../../contracts/order-fulfillment.ts';
import type { OrderLine } from '../../../contracts/place-order.ts';
import { anOrderId, atOnce, expectRefusal, isbns, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
let fulfillment: OrderFulfillmentProcessor;
beforeAll(async () => {
  bench = await openWorkbench();
  fulfillment = createOrderFulfillmentProcessor(bench.database);
});
afterAll(() => bench.close());

const packing = (lines: readonly OrderLine[], orderId = anOrderId()) => ({
  requestId: `${orderId}/fulfill-order/1`,
  orderId,
  lines,
});
const unpacking = (orderId: string) => ({ requestId: `${orderId}/unpack-order/1`, orderId });
const parcelsOf = (orderId: string) =>
  bench.sql<{ number: number; weight_grams: number; lines: readonly OrderLine[] }>(
    'SELECT number, weight_grams, lines FROM order_fulfillment.parcel WHERE order_id = $1 ORDER BY number',
    [orderId],
  );

describe('fulfill-order', () => {
  it('packs once when asked 20 times at once, with the weights of the catalogue', async () => {
    const command = packing([{ isbn: isbns.plenty, quantity: 40 }]);
    const answers = await atOnce(20, () => fulfillment.fulfillOrder(command));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toEqual({ parcels: 2, heaviestParcelGrams: 27 * 720, totalGrams: 40 * 720 });
    expect(await parcelsOf(command.orderId)).toEqual([
      { number: 1, weight_grams: 27 * 720, lines: [{ isbn: isbns.plenty, quantity: 27 }] },
      { number: 2, weight_grams: 13 * 720, lines: [{ isbn: isbns.plenty, quantity: 13 }] },
    ]);
    expect(await bench.factsOf(command.orderId)).toEqual(['order-fulfilled']);
  });

  it('packs the biggest order there can be, and answers in few words', async () => {
    const heaviest = 'SELECT isbn FROM order_fulfillment.weight WHERE grams < 20000 ORDER BY grams DESC LIMIT 100';
    const titles = await bench.sql<{ isbn: string }>(heaviest);
    const command = packing(titles.map(({ isbn }) => ({ isbn, quantity: 10_000 })));
    const answer = await fulfillment.fulfillOrder(command);
    expect(JSON.stringify(answer).length).toBeLessThan(1_024);
    const rows = await parcelsOf(command.orderId);
    expect(rows).toHaveLength(answer.parcels);
    expect(rows.reduce((sum, row) => sum + row.weight_grams, 0)).toBe(answer.totalGrams);
    const [fact] = await bench.sql<{ body: object }>('SELECT body FROM outbox.fact WHERE key = $1', [command.orderId]);
    expect(fact?.body).toEqual({ orderId: command.orderId, ...answer });
    expect(await fulfillment.unpackOrder(unpacking(command.orderId))).toEqual({ parcels: answer.parcels });
  });

  it('refuses titles whose weight nobody has written down, and refuses them again', async () => {
    const command = packing([
      { isbn: isbns.plenty, quantity: 1 },
      { isbn: '9789999999991', quantity: 1 },
    ]);
    const details = { isbns: ['9789999999991'] };
    await expectRefusal(fulfillment.fulfillOrder(command), 'NotPackable', details);
    await expectRefusal(fulfillment.fulfillOrder(command), 'NotPackable', details);
    expect(await bench.factsOf(command.orderId)).toEqual(['packing-denied']);
  });

  it('unpacks once, and does nothing when nothing was packed', async () => {
    const { orderId, ...rest } = packing([{ isbn: isbns.plenty, quantity: 40 }]);
    await fulfillment.fulfillOrder({ orderId, ...rest });
    const answers = await atOnce(20, () => fulfillment.unpackOrder(unpacking(orderId)));
    expect(answers).toEqual(answers.map(() => ({ parcels: 2 })));
    expect(await bench.factsOf(orderId)).toEqual(['order-fulfilled', 'order-unpacked']);
    const nothing = anOrderId();
    expect(await fulfillment.unpackOrder(unpacking(nothing))).toEqual({ parcels: 0 });
    expect(await bench.factsOf(nothing)).toEqual([]);
  });
});
