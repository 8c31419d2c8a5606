import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlacedOrder } from '../../../app/place.ts';
import { processorNames } from '../../../contracts/command-routes.ts';
import type { OrderOutcome } from '../../../contracts/mediators/order-mediator.ts';
import { nobodyHelps } from '../../support/policies.ts';
import { anOrder, openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

const isbn = '9780134685991';
const other = '9780132350884';

const finished = anOrder();
const refused = anOrder({ card: 'card_denied' });
const restocking = anOrder();
const inStep3 = anOrder({ lines: [{ isbn: other, quantity: 1 }] });

describe('Temporal’s database removed', () => {
  let shop: Shop;
  /** The outcomes before the loss of `finished`, `refused` and `restocking`. */
  let outcomes: readonly OrderOutcome[];
  let placed: PlacedOrder;

  beforeAll(async () => {
    const workers = ['order-mediator', ...processorNames];
    shop = await openShop({ temporal: 'own', supplier: { deliverySeconds: 1, mode: 'partly' } }, [workers]);
    const settled = [await shop.outcomeOf(finished), await shop.outcomeOf(refused, nobodyHelps)];
    await shop.sql('UPDATE inventory.stock SET on_hand = 12 WHERE isbn = $1', [isbn]);
    const toRestock = await shop.place(restocking);
    const hasStock = async () => (await shop.factsOf(toRestock.orderId)).includes('inventory-updated');
    await until(hasStock, { what: 'the order to have its pieces' });
    const letDeliver = await shop.holdRows(`SELECT FROM inventory.stock WHERE isbn = '${isbn}' FOR UPDATE`);
    outcomes = [...settled, await shop.end(toRestock)];
    const isDelivering = `SELECT FROM pg_stat_activity
      WHERE wait_event_type = 'Lock' AND datname = current_database() AND query LIKE '%inventory.stock%'`;
    await until(async () => (await shop.sql(isDelivering)).length > 0, { what: 'the delivery to be booked' });
    const letPack = await shop.holdTables('order_fulfillment.guard');
    placed = await shop.place(inStep3);
    await shop.allWaitFor('order_fulfillment.guard');

    await shop.rig.temporalServer.kill();
    rmSync(join(shop.rig.folder, 'temporal'), { recursive: true });
    await shop.rig.temporalServer.start();
    await Promise.all([letDeliver(), letPack()]);
  });
  afterAll(() => shop.close());

  const mailsOf = async (orderId: string) =>
    (await shop.rig.smtpSink.mails()).filter(({ subject }) => subject.includes(orderId));

  it('the same request again brings no second order and no second charge', async () => {
    const again = [await shop.outcomeOf(finished), await shop.outcomeOf(refused), await shop.outcomeOf(restocking)];
    expect(again).toEqual(outcomes);
    await expect(shop.place({ ...finished, customerId: 'c-2' })).rejects.toThrow(/already used/);
    expect(again.map(({ orderId }) => shop.rig.cardGateway.charges(orderId).length)).toEqual([1, 0, 1]);
    for (const { orderId } of again) expect(await mailsOf(orderId)).toHaveLength(3);
  });

  it('in the middle of step 3: the same request again goes on with the same order, one charge, each mail once', async () => {
    const again = await shop.place(inStep3);
    expect(again).toEqual(placed);
    expect(await shop.end(again)).toMatchObject({ orderId: placed.orderId, outcome: 'completed' });
    expect(shop.rig.cardGateway.charges(placed.orderId)).toHaveLength(1);
    expect(await mailsOf(placed.orderId)).toHaveLength(3);
    const facts = await shop.factsOf(placed.orderId);
    expect(facts).toHaveLength(9);
    expect(facts.filter((name) => name === 'order-fulfilled')).toHaveLength(1);
  });

  it('with a purchase order outstanding: its deliveries are booked once each and it is closed once a mediator’s worker starts', async () => {
    await shop.rig.launchWorker('order-mediator'); // whose start makes the reconciler’s Schedule again
    const closed = () => shop.sql(`SELECT 1 FROM warehouse.purchase_order WHERE state = 'closed'`);
    await until(async () => (await closed()).length === 1, { within: 30_000, what: 'the purchase order to be closed' });
    const [ordered, ...more] = shop.rig.supplier.orders();
    expect(more).toEqual([]);
    const [stock] = await shop.sql<{ on_hand: number }>('SELECT on_hand FROM inventory.stock WHERE isbn = $1', [isbn]);
    expect(stock?.on_hand).toBe(12 - 1 + (ordered?.quantity ?? NaN));
    const told = (await shop.factsOf(isbn)).filter((name) => name !== 'stock-low');
    expect(told).toEqual(['stock-ordered', 'stock-replenished', 'stock-replenished']);
  });
});
