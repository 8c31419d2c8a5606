import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeOrder } from '../../../app/place.ts';
import { loadOrderPolicy } from '../../../config/order-policy.ts';
import { startQueued } from '../../support/queued-event.ts';
import { anOrder, openShop, type Shop } from '../../support/shop.ts';

describe('a request that comes again', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.close());

  const place = (event: ReturnType<typeof anOrder>) =>
    placeOrder({ client: shop.client, event, policy: loadOrderPolicy({}), deadlineMs: 60_000 });

  it('fifty times at once gives one order, one charge and one id', async () => {
    const event = anOrder();
    const placed = await Promise.all(Array.from({ length: 50 }, () => place(event)));
    const ids = new Set(placed.map(({ orderId }) => orderId));
    expect(ids.size).toBe(1);
    const [orderId = ''] = ids;
    await shop.end(placed[0] as (typeof placed)[0]);
    expect(shop.rig.cardGateway.charges(orderId)).toHaveLength(1);
    const orders = await shop.sql('SELECT 1 FROM order_placement.placed_order WHERE order_id = $1', [orderId]);
    expect(orders).toHaveLength(1);
  });

  it('gives the same answer after the order has ended, whatever the order of the fields', async () => {
    const event = anOrder();
    const first = await place(event);
    await shop.end(first);
    const { currency, ...rest } = event;
    expect(await place({ currency, ...rest })).toEqual(first);
  });

  it('gives the order that came by the queue and has ended, and no other', async () => {
    const event = anOrder();
    const { end } = await startQueued(shop, 'place-order', event);
    const { orderId } = (await end()) as { readonly orderId: string };
    expect((await place(event)).orderId).toBe(orderId);
    await expect(place({ ...event, currency: 'USD' })).rejects.toThrow(/request id .* is already used/i);
  });

  it('with another body is refused while the order runs, without showing the order', async () => {
    const release = await shop.holdTables('payment.guard');
    const event = anOrder();
    const first = await place(event);
    const other = place({ ...event, customerId: 'c-2' });
    await expect(other).rejects.toThrow(/request id .* is already used/i);
    await expect(other).rejects.not.toThrow(first.orderId);
    await release();
    expect((await shop.end(first)).outcome).toBe('completed');
  });

  it('with another body is refused after the order has ended', async () => {
    const event = anOrder();
    const first = await place(event);
    await shop.end(first);
    await expect(place({ ...event, card: 'card_flaky' })).rejects.toThrow(/request id .* is already used/i);
  });

  it('corrected, after it was refused at step 1, is a new order', async () => {
    const event = anOrder({ lines: [{ isbn: '9780000000002', quantity: 1 }] });
    await expect(place(event)).rejects.toThrow(/9780000000002/);
    const placed = await place({ ...event, lines: [{ isbn: '9780134685991', quantity: 1 }] });
    expect((await shop.end(placed)).outcome).toBe('completed');
  });

  it.each([
    ['an unknown customer', anOrder({ customerId: 'nobody' }), /nobody/],
    ['an unknown title', anOrder({ lines: [{ isbn: '9780000000002', quantity: 1 }] }), /9780000000002/],
  ])('naming %s is refused at step 1, leaves nothing behind, and is told', async (_, event, sentence) => {
    const others = `SELECT 1 FROM outbox.fact WHERE name <> 'request-refused'`;
    const facts = await shop.sql(others);
    await expect(place(event)).rejects.toThrow(sentence);
    expect(await shop.sql('SELECT 1 FROM mediator_store.flow WHERE request_id = $1', [event.requestId])).toEqual([]);
    const left = await shop.sql(
      'SELECT 1 FROM order_placement.answer WHERE request_id = $1 UNION ALL SELECT 1 FROM order_placement.placed_order WHERE customer_id = $2',
      [`${event.requestId}/create-order`, 'nobody'],
    );
    expect(left).toEqual([]);
    expect(await shop.sql(others)).toHaveLength(facts.length);
    const told = `SELECT name FROM outbox.fact WHERE body->>'requestId' = $1`;
    expect(await shop.sql(told, [event.requestId])).toEqual([{ name: 'request-refused' }]);
  });
});
