import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

describe('with NATS away for 20 seconds', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.close());

  it('orders go on, and every fact arrives afterwards, in sequence', async () => {
    await shop.outcomeOf();
    await shop.rig.nats.kill();
    const gone = Date.now();
    const orders: string[] = [];
    // The time itself is the condition here: longer than any client's patience with one request.
    while (Date.now() - gone < 20_000) {
      const { orderId, outcome } = await shop.outcomeOf();
      expect(outcome).toBe('completed');
      orders.push(orderId);
      await pause(1_000);
    }
    await shop.rig.nats.start();

    const timeline = (orderId: string) =>
      shop.sql<{ sequence: number }>(
        'SELECT sequence::int FROM order_timeline.fact WHERE order_id = $1 ORDER BY received_at, sequence',
        [orderId],
      );
    for (const orderId of orders) {
      const complete = async () => (await timeline(orderId)).length === 9;
      await until(complete, { within: 30_000, what: `the facts of ${orderId}` });
      expect((await timeline(orderId)).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
    // A listener of its own, which may be behind the other one.
    const mails = async () => {
      const text = 'SELECT sum(mails)::int AS mails FROM email_analytics.mails_per_day';
      return (await shop.sql<{ mails: number }>(text))[0]?.mails;
    };
    const all = (orders.length + 1) * 3;
    await until(async () => ((await mails()) ?? 0) >= all, { within: 30_000, what: 'the mails to be counted' });
    expect(await mails()).toBe(all);
  });
});
