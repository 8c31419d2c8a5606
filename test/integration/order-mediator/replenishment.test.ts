import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { channels } from '../../../contracts/channels.ts';
import { replenishment, replenishmentStart } from '../../../contracts/mediators/replenishment.ts';
import { uncovered } from '../../../activities/kit/on-order.ts';
import { openDatabase } from '../../../prisma/database.ts';
import { cancelAtSupplier } from '../../support/partners.ts';
import { policyOf } from '../../support/policies.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

const isbn = '9780134685991';

/** Of which waiting orders lack more than is on order. */
async function uncoveredTitles({ rig }: Shop): Promise<readonly string[]> {
  const database = openDatabase(rig.databaseUrl, { poolSize: 1 });
  try {
    return (await database.run(uncovered())).map(({ isbn: title }) => title);
  } finally {
    await database.close();
  }
}

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
    const told = facts.map(({ name }) => name).filter((name) => name !== 'stock-low');
    expect(told).toEqual(['stock-ordered', 'stock-replenished', 'stock-replenished']);
  });

  it('is ordered once more when a waiting order lacks more than is under way, and the order goes on', async () => {
    const other = '9780132350884';
    await shop.sql(
      'INSERT INTO warehouse.reorder_rule VALUES ($1, 40, 120) ON CONFLICT (isbn) DO UPDATE SET reorder_point = 40, reorder_quantity = 120',
      [other],
    );
    await shop.sql('UPDATE inventory.stock SET on_hand = 41 WHERE isbn = $1', [other]);
    await shop.outcomeOf({ lines: [{ isbn: other, quantity: 1 }] });
    const waiting = await shop.place({ lines: [{ isbn: other, quantity: 161 }] }, policyOf({ deadline: '20 seconds' }));
    expect(await shop.end(waiting)).toMatchObject({ outcome: 'completed' });
    const ordered = shop.rig.supplier.orders().filter((order) => order.isbn === other);
    expect(ordered.map(({ quantity }) => quantity).slice(0, 2)).toEqual([120, 1]); // what follows re-orders the emptied title
    expect(await uncoveredTitles(shop)).toEqual([]);
  });

  it('is ordered again when the supplier cancels what an order waits for, and the order goes on', async () => {
    const title = '9780653527437';
    await shop.sql('UPDATE inventory.stock SET on_hand = 0 WHERE isbn = $1', [title]);
    const waiting = await shop.place({ lines: [{ isbn: title, quantity: 3 }] }, policyOf());
    const ordered = () => shop.rig.supplier.orders().filter((order) => order.isbn === title);
    const [first] = await until(() => Promise.resolve(ordered().length > 0 && ordered()), { what: 'a purchase order' });
    const left = await cancelAtSupplier(shop.rig, first?.purchaseOrderId ?? '');
    expect(left).toMatchObject({ deliveries: [], complete: true });
    expect(await shop.end(waiting)).toMatchObject({ outcome: 'completed' });
    expect(ordered()).toHaveLength(2);
    expect(await uncoveredTitles(shop)).toEqual([]);
  });
});

describe('a purchase order whose processor keeps refusing', () => {
  let shop: Shop;
  beforeAll(async () => {
    const settings = ['limit.historyCount.suggestContinueAsNew=8'];
    shop = await openShop({ temporal: { settings }, supplier: { deliverySeconds: 1, mode: 'whole' } });
  });
  afterAll(() => shop.close());

  it('continues as new before its history is too long, and goes on when the supplier knows it', async () => {
    const order = { purchaseOrderId: 'po-unknown', isbn, quantity: 10 };
    const start = { ...replenishmentStart(order), taskQueue: channels.orderMediator };
    const { firstExecutionRunId } = await shop.client.workflow.start(replenishment.workflowType, start);
    const latest = shop.client.workflow.getHandle(start.workflowId);
    const continued = async () => (await latest.describe()).runId !== firstExecutionRunId;
    await until(continued, { within: 20_000, what: 'another run' });
    const headers = { 'content-type': 'application/json' };
    await fetch(`${shop.rig.supplier.url}/purchase-orders`, { method: 'POST', body: JSON.stringify(order), headers });
    expect(await latest.result()).toEqual({ purchaseOrderId: order.purchaseOrderId, received: 10 });
  });
});
