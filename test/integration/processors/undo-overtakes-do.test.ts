import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInventoryProcessor } from '../../../activities/inventory/processor.ts';
import { createOrderFulfillmentProcessor } from '../../../activities/order-fulfillment/processor.ts';
import { createOrderPlacementProcessor } from '../../../activities/order-placement/processor.ts';
import { address, anOrderId, expectRefusal, isbns, openWorkbench, shippingOf, type Workbench } from './workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({ carrier: true });
});
afterAll(() => bench.close());

interface Case {
  readonly name: string;
  run(orderId: string, round?: number): Promise<unknown>;
  undo(orderId: string): Promise<unknown>;
  /** Finds a row for every effect of the order that is still there. */
  readonly effect: string;
  readonly facts: readonly [string, string];
}

const lines = [{ isbn: isbns.plenty, quantity: 1 }];

/** Payment, whose effect is outside PostgreSQL, has tests of its own. */
const cases: readonly Case[] = [
  {
    name: 'create-order and cancel-order',
    run: (orderId, round = 1) => {
      const command = {
        requestId: `${orderId}/do/${round}`,
        orderId,
        customerId: 'c-1',
        lines,
        shipTo: address(),
        currency: 'EUR',
      } as const;
      return createOrderPlacementProcessor(bench.database).createOrder(command);
    },
    undo: (orderId) =>
      createOrderPlacementProcessor(bench.database).cancelOrder({
        requestId: `${orderId}/undo`,
        orderId,
        reason: 'Undone.',
      }),
    effect: 'SELECT FROM order_placement.placed_order WHERE order_id = $1 AND cancelled_at IS NULL',
    facts: ['order-created', 'order-cancelled'],
  },
  {
    name: 'adjust-inventory and release-inventory',
    run: (orderId, round = 1) =>
      createInventoryProcessor(bench.database).adjustInventory({
        requestId: `${orderId}/do/${round}`,
        orderId,
        round,
        lines,
        orWait: true,
        workflowId: `order/${orderId}`,
      }),
    undo: (orderId) =>
      createInventoryProcessor(bench.database).releaseInventory({
        requestId: `${orderId}/undo`,
        orderId,
      }),
    effect: 'SELECT FROM inventory.taken WHERE order_id = $1 AND released_at IS NULL',
    facts: ['inventory-updated', 'inventory-released'],
  },
  {
    name: 'fulfill-order and unpack-order',
    run: (orderId, round = 1) =>
      createOrderFulfillmentProcessor(bench.database).fulfillOrder({
        requestId: `${orderId}/do/${round}`,
        orderId,
        lines,
      }),
    undo: (orderId) =>
      createOrderFulfillmentProcessor(bench.database).unpackOrder({
        requestId: `${orderId}/undo`,
        orderId,
      }),
    effect: 'SELECT FROM order_fulfillment.parcel WHERE order_id = $1 AND unpacked_at IS NULL',
    facts: ['order-fulfilled', 'order-unpacked'],
  },
  {
    name: 'ship-order and recall-shipment',
    run: (orderId, round = 1) => {
      const packed = { parcels: 1, heaviestParcelGrams: 500, totalGrams: 500 };
      const command = { requestId: `${orderId}/do/${round}`, orderId, shipTo: address(), packed };
      return shippingOf(bench, bench.database).shipOrder(command);
    },
    undo: (orderId) =>
      shippingOf(bench, bench.database).recallShipment({
        requestId: `${orderId}/undo`,
        orderId,
      }),
    effect: 'SELECT FROM shipping.shipment WHERE order_id = $1 AND booked_at IS NOT NULL AND recalled_at IS NULL',
    facts: ['order-shipped', 'shipment-recalled'],
  },
];

describe.each(cases)('$name', ({ run, undo, effect, facts }) => {
  it('a do that comes after its undo does nothing, however often', async () => {
    const orderId = anOrderId();
    await undo(orderId);
    for (const _ of [1, 2]) await expectRefusal(run(orderId), 'AlreadyUndone', { requestId: `${orderId}/do/1` });
    expect(await bench.sql(effect, [orderId])).toEqual([]);
    expect(await bench.factsOf(orderId)).toEqual([]);
  });

  it('a do of another round after the undo does nothing, although an earlier one was reversed', async () => {
    const orderId = anOrderId();
    await run(orderId);
    await undo(orderId);
    await expectRefusal(run(orderId, 2), 'AlreadyUndone', { requestId: `${orderId}/do/2` });
    expect(await bench.sql(effect, [orderId])).toEqual([]);
    expect(await bench.factsOf(orderId)).toEqual(facts);
  });

  it('a compensation waits for a do under way, and reverses it', async () => {
    const orderId = anOrderId();
    const letGo = await bench.holdFactsOf(orderId);
    const doing = run(orderId);
    await bench.waiting(1);
    const compensating = undo(orderId);
    await bench.waiting(2);
    await letGo();
    await Promise.all([doing, compensating]);
    expect(await bench.sql(effect, [orderId])).toEqual([]);
    expect(await bench.factsOf(orderId)).toEqual(facts);
  });

  it('a do that waits behind the tombstone meets it', async () => {
    const orderId = anOrderId();
    // The first half of the compensation, not yet committed when the do comes.
    const schema = /FROM (\w+)\./.exec(effect)?.[1];
    const commit = await bench.holdTombstoneOf(`${schema}`, orderId);
    const refused = expectRefusal(run(orderId), 'AlreadyUndone', { requestId: `${orderId}/do/1` });
    await bench.waiting(1);
    await commit();
    await refused;
    await undo(orderId);
    expect(await bench.sql(effect, [orderId])).toEqual([]);
    expect(await bench.factsOf(orderId)).toEqual([]);
  });

  it('any number of dos and undos at once leave nothing', async () => {
    const orderId = anOrderId();
    const calls = [1, 2, 3, 4].flatMap(() => [(id: string) => run(id), undo]);
    const settled = await Promise.allSettled(calls.map((call) => call(orderId)));
    for (const one of settled)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ type: 'AlreadyUndone' });
    expect(await bench.sql(effect, [orderId])).toEqual([]);
    expect([[], facts]).toContainEqual(await bench.factsOf(orderId));
  });
});
