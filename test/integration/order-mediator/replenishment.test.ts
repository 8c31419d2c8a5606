import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

const isbn = '9780134685991';

describe('a title that has come down to its reorder point', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop({ supplier: { deliverySeconds: 1, mode: 'partly' } });
  });
  afterAll(() => shop.close());

  it('is ordered once by several orders, delivered in parts, booked once each, and may be ordered again', async () => {
    await shop.sql('UPDATE inventory.stock SET on_hand = 12 WHERE isbn = $1', [isbn]);
    const outcomes = await Promise.all([1, 2, 3].map(() => shop.outcomeOf({ lines: [{ isbn, quantity: 1 }] })));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['completed', 'completed', 'completed']);
    const ordered = shop.rig.supplier.orders();
    expect(ordered).toHaveLength(1);
    const quantity = ordered[0]?.quantity ?? 0;

    const booked = async () =>
      (await shop.sql<{ on_hand: number }>('SELECT on_hand FROM inventory.stock WHERE isbn = $1', [isbn]))[0];
    await until(async () => (await booked())?.on_hand === 12 - 3 + quantity, { within: 30_000, what: 'the delivery' });
    const closed = () =>
      shop.sql(`SELECT 1 FROM warehouse.purchase_order WHERE state = 'closed' AND isbn = $1`, [isbn]);
    await until(async () => (await closed()).length === 1, { within: 30_000, what: 'the purchase order to be closed' });
    const facts = await shop.sql<{ name: string }>('SELECT name FROM outbox.fact WHERE key = $1 ORDER BY sequence', [
      isbn,
    ]);
    expect(facts.map(({ name }) => name)).toEqual(['stock-ordered', 'stock-replenished', 'stock-replenished']);
  });
});
