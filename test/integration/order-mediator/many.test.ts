import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OrderOutcome } from '../../../contracts/mediators/order-mediator.ts';
import type { PlacedOrder } from '../../../app/place.ts';
import { nobodyHelps } from '../../support/policies.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

const titles = ['9780134685991', '9780132350884', '9780201633610', '9780135957059'];
const onHandBefore = 120;
const orders = 200;

/** Every order takes three of the four titles, in an order of its own. */
const linesOf = (index: number) =>
  [0, 1, 2].map((offset) => {
    const step = index % 2 === 0 ? offset : 3 - offset;
    return { isbn: titles[(index + step) % titles.length] as string, quantity: 1 + ((index + offset) % 2) };
  });

describe('two hundred orders at once over four scarce titles', () => {
  let shop: Shop;
  let ended: { placed: PlacedOrder; outcome: OrderOutcome; index: number }[];
  beforeAll(async () => {
    shop = await openShop({ supplier: { deliverySeconds: 3_600 } });
    await shop.sql('UPDATE inventory.stock SET on_hand = $1 WHERE isbn = ANY ($2)', [onHandBefore, titles]);
    ended = await Promise.all(
      Array.from({ length: orders }, async (_, index) => {
        const placed = await shop.place({ lines: linesOf(index) }, nobodyHelps);
        return { placed, outcome: await shop.end(placed), index };
      }),
    );
  }, 300_000);
  afterAll(() => shop.close(), 120_000);

  const completed = () => ended.filter(({ outcome }) => outcome.outcome === 'completed');

  it('each ends completed or cancelled, some of either', () => {
    expect(completed().length).toBeGreaterThan(20);
    expect(completed().length).toBeLessThan(orders);
    expect(ended.every(({ outcome }) => ['completed', 'cancelled'].includes(outcome.outcome))).toBe(true);
  });

  it('what was taken from stock is what completed orders hold, and nothing is negative', async () => {
    const rows = await shop.sql<{ isbn: string; on_hand: number }>(
      'SELECT isbn, on_hand FROM inventory.stock WHERE isbn = ANY ($1)',
      [titles],
    );
    for (const { isbn, on_hand: onHand } of rows) {
      const held = completed()
        .flatMap(({ index }) => linesOf(index))
        .filter((line) => line.isbn === isbn)
        .reduce((sum, { quantity }) => sum + quantity, 0);
      expect({ isbn, onHand }).toEqual({ isbn, onHand: onHandBefore - held });
      expect(onHand).toBeGreaterThanOrEqual(0);
    }
  });

  it('what the gateway keeps is what completed orders cost, order by order', async () => {
    const rows = await shop.sql<{ order_id: string; total_amount: string }>(
      'SELECT order_id, total_amount FROM mediator_store.flow',
    );
    const totals = new Map(rows.map((row) => [row.order_id, Number(row.total_amount)]));
    for (const { outcome } of ended) {
      const cost = outcome.outcome === 'completed' ? totals.get(outcome.orderId) : 0;
      expect(shop.rig.cardGateway.balance(outcome.orderId)).toBe(cost);
    }
  });

  it('every completed order has its parcels on the way, and no cancelled one has', async () => {
    const rows = await shop.sql<{ order_id: string }>(
      'SELECT order_id FROM shipping.shipment WHERE booked_at IS NOT NULL AND recalled_at IS NULL',
    );
    expect(new Set(rows.map((row) => row.order_id))).toEqual(
      new Set(completed().map(({ outcome }) => outcome.orderId)),
    );
  });

  it('every copy that completed orders asked for lies in a parcel, and no other', async () => {
    const rows = await shop.sql<{ copies: string }>(`
      SELECT order_id || ' ' || (line->>'isbn') || ' ' || sum((line->>'quantity')::int) AS copies
      FROM order_fulfillment.parcel, jsonb_array_elements(lines) AS line
      WHERE unpacked_at IS NULL GROUP BY order_id, line->>'isbn'`);
    const wanted = completed().flatMap(({ outcome, index }) =>
      linesOf(index).map(({ isbn, quantity }) => `${outcome.orderId} ${isbn} ${quantity}`),
    );
    expect(rows.map(({ copies }) => copies).toSorted()).toEqual(wanted.toSorted());
  });

  it('facts of payments add up to what the gateway keeps, order by order', async () => {
    const rows = await shop.sql<{ key: string; kept: string }>(`
      SELECT key, sum((body->'amount'->>'amount')::bigint * CASE name WHEN 'payment-applied' THEN 1 ELSE -1 END) AS kept
      FROM outbox.fact WHERE name IN ('payment-applied', 'payment-refunded') GROUP BY key`);
    const kept = new Map(rows.map((row) => [row.key, Number(row.kept)]));
    expect(kept.size).toBeGreaterThanOrEqual(completed().length);
    for (const { outcome } of ended) {
      const { orderId } = outcome;
      expect({ orderId, kept: kept.get(orderId) ?? 0 }).toEqual({
        orderId,
        kept: shop.rig.cardGateway.balance(orderId),
      });
    }
  });

  it('facts of stock add up to what is missing on the shelves', async () => {
    const rows = await shop.sql<{ isbn: string; told: number; missing: number }>(
      `SELECT stock.isbn, $1 - stock.on_hand AS missing,
        sum((line->>'quantity')::int * CASE name WHEN 'inventory-updated' THEN 1 ELSE -1 END)::int AS told
      FROM outbox.fact, jsonb_array_elements(body->'lines') AS line JOIN inventory.stock ON stock.isbn = line->>'isbn'
      WHERE name IN ('inventory-updated', 'inventory-released') GROUP BY stock.isbn, stock.on_hand`,
      [onHandBefore],
    );
    expect(rows.map(({ isbn }) => isbn).toSorted()).toEqual(titles.toSorted());
    for (const { isbn, told, missing } of rows) expect({ isbn, told }).toEqual({ isbn, told: missing });
  });

  it('every customer got each mail once', async () => {
    const mails = await shop.rig.smtpSink.mails();
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(mails.length);
    // Confirmed, packed, shipped; or confirmed and cancelled; and one for each hold. A hold may end in time: what a
    // cancelled order gives back goes to those that wait.
    const [holds] = await shop.sql<{ n: number }>('SELECT count(*)::int AS n FROM mediator_store.hold');
    const done = completed().length;
    expect(mails).toHaveLength(done * 3 + (orders - done) * 2 + (holds?.n ?? 0));
  });

  it('facts are gapless for every key, and the listeners hear them all', async () => {
    const gaps = await shop.sql('SELECT key FROM outbox.fact GROUP BY key HAVING max(sequence) <> count(*)');
    expect(gaps).toEqual([]);
    const [facts] = await shop.sql<{ n: number }>(`SELECT count(*)::int AS n FROM outbox.fact WHERE area = 'orders'`);
    const heard = async () =>
      (await shop.sql<{ n: number }>('SELECT count(*)::int AS n FROM order_timeline.fact'))[0]?.n;
    await until(async () => (await heard()) === facts?.n, { within: 60_000, what: 'all facts at the order timeline' });
  });

  it('no deadlock was met on the way', async () => {
    const [row] = await shop.sql<{ deadlocks: string }>(
      'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
    );
    expect(Number(row?.deadlocks)).toBe(0);
  });
});
