import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actOnOrder } from '../../../app/act-on-order.ts';
import { placeOrder } from '../../../app/place.ts';
import { loadOrderPolicy } from '../../../config/order-policy.ts';
import { openDatabase } from '../../../prisma/database.ts';
import { anOrder, openShop, type Shop } from '../../support/shop.ts';
import { launchWorker } from '../../support/rig/worker.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({}, [['order-mediator', 'processors', 'relay']]);
});
afterAll(() => shop.close());

const policy = { ...loadOrderPolicy({}), lane: 'compact' } as const;
const compact = () => launchWorker(['compact'], shop.rig.env, shop.rig.folder);

it('orders of a killed worker are finished by another: each charged, packed, shipped and mailed once', async () => {
  let worker = await compact();
  const placing = Array.from({ length: 30 }, async (_, index) => {
    await sleep(index * 60);
    return shop.place({}, policy);
  });
  for (const afterMs of [400, 900]) {
    await sleep(afterMs);
    await worker.kill();
    worker = await compact();
  }
  const placed = await Promise.all(placing);
  for (const order of placed) expect((await shop.end(order)).outcome).toBe('completed');
  for (const { orderId } of placed) {
    expect(shop.rig.cardGateway.charges(orderId)).toHaveLength(1);
    const facts = await shop.factsOf(orderId);
    for (const name of ['payment-applied', 'inventory-updated', 'order-fulfilled', 'order-shipped', 'order-completed'])
      expect(facts.filter((fact) => fact === name)).toHaveLength(1);
    expect(facts.filter((fact) => fact === 'email-sent')).toHaveLength(3);
  }
  await worker.stop();
});

it('an order whose worker is killed between its row and step 1 is created by another one, once', async () => {
  const worker = await compact();
  const release = await shop.holdTables('order_placement.guard');
  const placing = shop.place({}, policy);
  await shop.allWaitFor('order_placement.guard');
  await worker.kill();
  const next = await compact();
  await release();
  const placed = await placing;
  expect((await shop.end(placed)).outcome).toBe('completed');
  expect((await shop.factsOf(placed.orderId)).filter((name) => name === 'order-created')).toHaveLength(1);
  await next.stop();
});

it('an action on an order whose worker is gone names the worker to start', async () => {
  const worker = await compact();
  const release = await shop.holdTables('inventory.guard');
  const database = openDatabase(shop.rig.databaseUrl, { poolSize: 2 });
  shop.rig.onClose(() => database.close());
  const placed = await placeOrder({ client: shop.client, database, event: anOrder(), policy, deadlineMs: 60_000 });
  await worker.kill();
  const acting = actOnOrder({
    sources: { client: shop.client, database },
    orderId: placed.orderId,
    name: 'cancel',
    action: { actor: 'Ada', reason: null },
    updateId: 'cancel-1',
    deadlineMs: 1_000,
  });
  await expect(acting).rejects.toThrow(/compact-queue/);
  await release();
});
