import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FactName } from '../../../contracts/facts.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { hadItsTrouble, whatIsWrong } from './balance.ts';
import { readBooks, type OrderBooks } from './books.ts';
import { installTrouble } from './database-trouble.ts';
import { cases } from './matrix.ts';
import { onHandBefore, slowMs, stockTitles } from './partner-trouble.ts';
import { playAll } from './play-all.ts';
import type { Played } from './play.ts';

/** All cases at the same time, an order each; see docs/failures.md. */
describe('the failure matrix', () => {
  let shop: Shop;
  let played: ReadonlyMap<number, Played>;
  let books: ReadonlyMap<string, OrderBooks>;
  let toldOf: ReadonlyMap<string, FactName>;
  beforeAll(async () => {
    shop = await openShop({ supplier: { deliverySeconds: 3_600 }, cardGateway: { slowMs }, carrier: { slowMs } }, [
      ['order-mediator'],
    ]);
    const database = await installTrouble(shop);
    const titles = await stockTitles(shop, cases);
    const all = await playAll({ shop, database, titles });
    played = new Map(all.map((one) => [one.one.number, one]));
    await database.quiet();
    books = await readBooks(shop);
    const refusals = await shop.sql<{ requestId: string; name: FactName }>(
      `SELECT body->>'requestId' AS "requestId", name FROM outbox.fact WHERE name = 'request-refused'`,
    );
    toldOf = new Map(refusals.map(({ requestId, name }) => [requestId, name]));
  }, 400_000);
  afterAll(() => shop.close(), 300_000);

  it.each(cases.map((one) => [one.name, one.end, one] as const))(
    '%s: it ends %s, and its books agree',
    (_, __, one) => {
      const { requestId, outcome, troubled } = played.get(one.number) as Played;
      expect(troubled.map(String)).toEqual([]);
      const found = books.get(requestId);
      if (one.end === 'refused') {
        expect(outcome).toBe('refused');
        expect(toldOf.get(requestId)).toBe(one.tested.toldBy);
        return expect(found).toBeUndefined();
      }
      expect(outcome).toMatchObject({ outcome: one.end });
      expect([...hadItsTrouble(one, found as OrderBooks), ...whatIsWrong(one, found as OrderBooks)]).toEqual([]);
    },
  );

  it('captured minus refunded is what the completed orders cost', () => {
    const cost = [...books.values()]
      .filter(({ state }) => state === 'completed')
      .reduce((sum, { total }) => sum + (total ?? 0), 0);
    expect(shop.rig.cardGateway.balance()).toBe(cost);
    expect(cost).toBeGreaterThan(0);
  });

  it('taken minus released is what was shipped, title by title, and nothing is put aside', async () => {
    const stock = await shop.sql<{ isbn: string; onHand: number; point: number }>(
      'SELECT isbn, on_hand AS "onHand", reorder_point AS point FROM inventory.stock JOIN warehouse.reorder_rule USING (isbn)',
    );
    const byIsbn = new Map(stock.map((row) => [row.isbn, row]));
    const wrong = [...played.values()].filter(({ one, isbn, requestId }) => {
      const { onHand, point } = byIsbn.get(isbn) ?? { onHand: -1, point: 0 };
      const shipped = one.end === 'completed' ? (books.get(requestId)?.pieces ?? 0) : 0;
      return onHandBefore(one, point) - onHand !== shipped;
    });
    expect(wrong.map(({ one }) => one.name)).toEqual([]);
    expect(await shop.sql('SELECT FROM inventory.waiting')).toEqual([]);
    expect(await shop.sql('SELECT FROM inventory.booked_delivery')).toEqual([]);
  });

  it('no title is ordered twice from the supplier', () => {
    const ordered = shop.rig.supplier.orders().map(({ isbn }) => isbn);
    expect(new Set(ordered).size).toBe(ordered.length);
  });
});
