import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { nobodyHelps } from '../../support/policies.ts';
import { anOrder, openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';
import { processorNames } from '../../../contracts/command-routes.ts';

const isbn = '9780134685991';

describe('Temporal’s database removed', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  const open = async (...workers: readonly string[]) =>
    (shop = await openShop({ temporal: 'own', supplier: { deliverySeconds: 1, mode: 'partly' } }, [workers]));

  const loseTemporal = async () => {
    await shop.rig.temporalServer.kill();
    rmSync(join(shop.rig.folder, 'temporal'), { recursive: true });
    await shop.rig.temporalServer.start();
  };

  it('the same request again brings no second order and no second charge', async () => {
    await open('order-mediator', 'processors');
    const finished = anOrder();
    const refused = anOrder({ card: 'card_denied' });
    const first = [await shop.outcomeOf(finished), await shop.outcomeOf(refused, nobodyHelps)];
    await loseTemporal();
    expect([await shop.outcomeOf(finished), await shop.outcomeOf(refused)]).toEqual(first);
    await expect(shop.place({ ...finished, customerId: 'c-2' })).rejects.toThrow(/already used/);
    expect(shop.rig.cardGateway.charges()).toHaveLength(1);
    expect(await shop.rig.smtpSink.mails()).toHaveLength(3 + 3);
  });

  it('in the middle of step 3: the same request again goes on with the same order, one charge, each mail once', async () => {
    await open('order-mediator', 'processors');
    const order = anOrder();
    const letGo = await shop.holdTables('order_fulfillment.guard');
    const first = await shop.place(order);
    await shop.allWaitFor('order_fulfillment.guard');
    await loseTemporal();
    await letGo();
    const again = await shop.place(order);
    expect(again).toEqual(first);
    expect(await shop.end(again)).toMatchObject({ orderId: first.orderId, outcome: 'completed' });
    expect(shop.rig.cardGateway.charges()).toHaveLength(1);
    expect(await shop.rig.smtpSink.mails()).toHaveLength(3);
    const facts = await shop.factsOf(first.orderId);
    expect(facts).toHaveLength(9);
    expect(facts.filter((name) => name === 'order-fulfilled')).toHaveLength(1);
  });

  it('with a purchase order outstanding: its deliveries are booked once each and it is closed after a restart of the warehouse worker', async () => {
    await open('order-mediator', ...processorNames.filter((name) => name !== 'warehouse'));
    const warehouse = await shop.rig.launchWorker('warehouse');
    await shop.sql('UPDATE inventory.stock SET on_hand = 12 WHERE isbn = $1', [isbn]);
    const letGo = await shop.holdTables('inventory.booked_delivery');
    const order = anOrder({ lines: [{ isbn, quantity: 1 }] });
    const outcome = await shop.outcomeOf(order);
    await shop.allWaitFor('inventory.booked_delivery');
    await loseTemporal();
    await letGo();
    await warehouse.stop();
    await shop.rig.launchWorker('warehouse');

    const closed = () => shop.sql(`SELECT 1 FROM warehouse.purchase_order WHERE state = 'closed'`);
    await until(async () => (await closed()).length === 1, { within: 30_000, what: 'the purchase order to be closed' });
    const [ordered, ...more] = shop.rig.supplier.orders();
    expect(more).toEqual([]);
    const [stock] = await shop.sql<{ on_hand: number }>('SELECT on_hand FROM inventory.stock WHERE isbn = $1', [isbn]);
    expect(stock?.on_hand).toBe(12 - 1 + (ordered?.quantity ?? NaN));
    expect(await shop.factsOf(isbn)).toEqual(['stock-ordered', 'stock-replenished', 'stock-replenished']);
    expect(await shop.outcomeOf(order)).toEqual(outcome);
  });
});
