import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlacedOrder } from '../../../app/place.ts';
import { act, heldFor, refusalOf } from '../../support/acting.ts';
import { policyOf } from '../../support/policies.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

const isbn = '9780134685991';

describe('an action that does not fit', () => {
  let shop: Shop;
  let held: PlacedOrder;
  beforeAll(async () => {
    shop = await openShop();
    held = await shop.place({ card: 'card_denied' }, policyOf());
    await heldFor(shop, held, 'payment');
    const isTold = async () => (await shop.factsOf(held.orderId)).filter((name) => name === 'email-sent').length === 2;
    await until(isTold, { what: 'the mediator store and the customer to know of the hold' });
  });
  afterAll(async () => {
    await act(shop, held, 'cancel', { reason: null });
    await shop.end(held);
    await shop.close();
  });

  const state = async () => {
    const [row] = await shop.sql('SELECT state, working, amendments FROM mediator_store.flow WHERE order_id = $1', [
      held.orderId,
    ]);
    const [stock] = await shop.sql('SELECT sum(quantity) FROM inventory.taken WHERE order_id = $1', [held.orderId]);
    const waiting = await shop.sql('SELECT * FROM inventory.waiting WHERE order_id = $1', [held.orderId]);
    // Inventory tells of its no, which changes nothing.
    const facts = (await shop.factsOf(held.orderId)).filter((name) => name !== 'inventory-denied');
    return { row, stock, waiting, facts, holds: (await shop.progress(held)).holds };
  };

  it.each([
    [
      'pay with a card the gateway does not know',
      () => act(shop, held, 'pay', { card: 'card_nobody_knows' }),
      /does not know/,
    ],
    ['pay with something that is no token', () => act(shop, held, 'pay', { card: '4111 1111 1111 1111' }), /token/],
    ['an amendment that empties it', () => act(shop, held, 'amend', { lines: [] }), /at least one line; cancel it/],
    ['an amendment that changes nothing', () => act(shop, held, 'amend', {}), /has to say what changes/],
    [
      'an amendment past the stock',
      () => act(shop, held, 'amend', { lines: [{ isbn, quantity: 9_999 }] }),
      /Not enough in stock/,
    ],
    [
      'an amendment to a title nobody has',
      () => act(shop, held, 'amend', { lines: [{ isbn: '9780000000002', quantity: 1 }] }),
      /9780000000002/,
    ],
    [
      'a quantity that is no number',
      () => act(shop, held, 'amend', { lines: [{ isbn, quantity: '2' as never }] }),
      /whole quantity/,
    ],
    [
      'a title twice',
      () =>
        act(shop, held, 'amend', {
          lines: [
            { isbn, quantity: 1 },
            { isbn, quantity: 2 },
          ],
        }),
      /one line only/,
    ],
    ['an address that is not whole', () => act(shop, held, 'amend', { shipTo: { name: 'A' } as never }), /not whole/],
    ['a retry without a name', () => act(shop, held, 'retry', { actor: null }), /has to say a name/],
    ['a retry by nobody', () => act(shop, held, 'retry', { actor: '  ' }), /one line of 1 to 64/],
    [
      'skipping the charge',
      () => act(shop, held, 'skip', { command: 'apply-payment', actor: 'Robin' }),
      /cannot be skipped|nothing that may be skipped/,
    ],
  ])('%s is refused with a sentence that says what is possible, and changes nothing', async (_, acting, sentence) => {
    const before = await state();
    const refusal = await refusalOf(acting());
    expect(refusal).toMatch(sentence);
    expect(refusal).toMatch(/Possible now: .*cancel\./);
    expect(await state()).toEqual(before);
  });

  it('a payment of an order that waits for nothing, or has ended, is refused', async () => {
    const release = await shop.holdTables('order_fulfillment.guard');
    const placed = await shop.place();
    await shop.allWaitFor('order_fulfillment.guard');
    expect(await refusalOf(act(shop, placed, 'pay', { card: 'card_ok' }))).toMatch(/waits for nothing/);
    await release();
    await shop.end(placed);
    expect(await refusalOf(act(shop, placed, 'pay', { card: 'card_ok' }))).toMatch(/completed|not found/i);
  });

  it('an amendment and a cancel at once: one of them wins, and the order ends cancelled once', async () => {
    const placed = await shop.place({ card: 'card_denied' }, policyOf());
    await heldFor(shop, placed, 'payment');
    const amending = act(shop, placed, 'amend', { lines: [{ isbn, quantity: 3 }] }).then(
      () => 'amended',
      (error: unknown) => String((error as { cause?: Error }).cause?.message),
    );
    await act(shop, placed, 'cancel', { reason: null });
    expect(await amending).toMatch(/amended|undone/);
    expect(await shop.end(placed)).toMatchObject({ outcome: 'cancelled' });
    const left = await shop.sql('SELECT 1 FROM inventory.taken WHERE order_id = $1 AND released_at IS NULL', [
      placed.orderId,
    ]);
    expect(left).toEqual([]);
    expect(shop.rig.cardGateway.balance(placed.orderId)).toBe(0);
  });
});
