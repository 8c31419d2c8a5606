import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlacedOrder } from '../../../app/place.ts';
import type { OrderPolicy } from '../../../contracts/mediators/order-policy.ts';
import type { PlaceOrder } from '../../../contracts/place-order.ts';
import { act, heldFor, queuedActivities } from '../../support/acting.ts';
import { nobodyHelps, policyOf } from '../../support/policies.ts';
import { replayWorkflows } from '../../support/replay-everything.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

const [scarce, weightless] = ['9780201633610', '9780132350884'] as const;

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ supplier: { deliverySeconds: 600, mode: 'whole' } }, [
    ['compact', 'relay'],
    ['order-mediator', 'processors'],
  ]);
  await shop.sql('DELETE FROM order_fulfillment.weight WHERE isbn = $1', [weightless]);
});
afterAll(() => shop.close());

const place = (changes: Partial<PlaceOrder>, policy: OrderPolicy): Promise<PlacedOrder> =>
  shop.place(changes, { ...policy, lane: 'compact' });

const replays = ({ workflowId }: PlacedOrder) => replayWorkflows(shop.client, [workflowId]);

const iceStation = { name: 'Station', street: 'Ice 1', city: 'Base', postcode: '0', country: 'AQ' } as const;

/** Every place of the process at which a processor may refuse: its hold, and the command that then goes over its channel. */
const places: readonly (readonly [string, string, Partial<PlaceOrder>])[] = [
  ['payment', 'applyPayment', { card: 'card_denied' }],
  ['stock', 'adjustInventory', { lines: [{ isbn: scarce, quantity: 10_000 }] }],
  ['packing', 'fulfillOrder', { lines: [{ isbn: weightless, quantity: 1 }] }],
  ['address', 'shipOrder', { shipTo: iceStation }],
];

describe('an order of the compact lane that is refused', () => {
  it.each(places)(
    'for its %s asks again over the channel (%s), is held, and is taken back',
    async (reason, activity, changes) => {
      const placed = await place(changes, nobodyHelps);
      expect(await shop.end(placed)).toMatchObject({ outcome: 'cancelled' });
      expect(await queuedActivities(shop, placed)).toContain(activity);
      const holds = await shop.sql('SELECT reason FROM mediator_store.hold WHERE order_id = $1', [placed.orderId]);
      expect(holds).toEqual([{ reason }]);
      expect(shop.rig.cardGateway.balance(placed.orderId)).toBe(0);
      await replays(placed);
    },
  );

  it('for payment and stock of one step is held for both, and goes on over the channels when it is put right', async () => {
    await shop.sql('UPDATE inventory.stock SET on_hand = 3 WHERE isbn = $1', [scarce]);
    const placed = await place({ card: 'card_denied', lines: [{ isbn: scarce, quantity: 5 }] }, policyOf());
    await Promise.all([heldFor(shop, placed, 'payment'), heldFor(shop, placed, 'stock')]);
    await act(shop, placed, 'pay', { card: 'card_ok' });
    await act(shop, placed, 'amend', { lines: [{ isbn: scarce, quantity: 2 }] });
    expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
    expect(await queuedActivities(shop, placed)).toEqual(
      expect.arrayContaining(['fulfillOrder', 'orderStock', 'shipOrder']),
    );
    await replays(placed);
  });
});

it('a command of the compact lane that fails is retried over its channel until its processor is mended', async () => {
  await shop.sql('ALTER TABLE order_fulfillment.guard RENAME TO guard_away');
  const placed = await place({}, policyOf());
  await until(async () => (await queuedActivities(shop, placed)).includes('fulfillOrder'), {
    what: 'the command over its channel',
  });
  await shop.sql('ALTER TABLE order_fulfillment.guard_away RENAME TO guard');
  expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
  const facts = await shop.factsOf(placed.orderId);
  expect(facts.filter((name) => name === 'order-fulfilled')).toHaveLength(1);
  await replays(placed);
});
