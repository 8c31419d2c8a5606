import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlacedOrder } from '../../../app/place.ts';
import type { Money } from '../../../contracts/money.ts';
import type { OrderPolicy } from '../../../contracts/mediators/order-policy.ts';
import { act, heldFor, refusalOf } from '../../support/acting.ts';
import { policyOf, type Compressed } from '../../support/policies.ts';
import { rowOf } from '../../support/queued-event.ts';
import { reconcileEverySecond } from '../../support/recovered.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

const isbn = '9780134685991';
const actor = 'Robin';

/** One piece with its shipping is EUR 50.80, two are EUR 96.70. */
const limitOf = (minorUnits: number, compressed: Compressed = {}): OrderPolicy => ({
  ...policyOf(compressed),
  approveAbove: { EUR: minorUnits },
});

const pieces = (quantity: number) => ({ lines: [{ isbn, quantity }] });

describe('an order above the limit of the policy', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop({ env: reconcileEverySecond });
  });
  afterAll(() => shop.close());

  const askedOf = async (placed: PlacedOrder) => (await shop.progress(placed)).steps.map(({ command }) => command);
  const charged = ({ orderId }: PlacedOrder) => shop.rig.cardGateway.charges(orderId).length;
  const mailsOf = async ({ orderId }: PlacedOrder) =>
    (await shop.rig.smtpSink.mails()).filter(({ subject }) => subject.includes(orderId)).map(({ subject }) => subject);
  const workflowOf = ({ workflowId }: PlacedOrder) => shop.client.workflow.getHandle(workflowId);

  it('waits before anything is charged or taken, is of the class complex then, and goes on when it is approved', async () => {
    const placed = await shop.place(pieces(2), limitOf(9669));
    const hold = await heldFor(shop, placed, 'approval');
    expect(hold).toMatchObject({ step: 1, message: 'Orders above EUR 96.69 are approved before anything is charged.' });
    await until(async () => (await mailsOf(placed)).length === 1, { what: 'the mail about the hold' });
    expect(await askedOf(placed)).toEqual(['create-order', 'email-customer']);
    expect(await rowOf(shop, placed.requestId)).toMatchObject({ state: 'started', mediator_class: 'complex' });
    expect((await workflowOf(placed).describe()).searchAttributes).toMatchObject({
      MediatorClass: ['complex'],
      HoldReasons: ['approval'],
    });
    expect(await refusalOf(act(shop, placed, 'approve', {}))).toMatch('Only an operator may approve');
    expect(await refusalOf(act(shop, placed, 'retry', { actor }))).toMatch('waits for an approval');
    expect(await refusalOf(act(shop, placed, 'pay', { card: 'card_ok' }))).toMatch(
      'Possible now: approve, amend, cancel.',
    );
    await act(shop, placed, 'approve', { actor });
    expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
    expect(charged(placed)).toBe(1);
    const [action] = await shop.sql('SELECT action, actor, details FROM mediator_store.action WHERE order_id = $1', [
      placed.orderId,
    ]);
    expect(action).toEqual({ action: 'approve', actor, details: { total: { amount: 9670, currency: 'EUR' } } });
    const [flow] = await shop.sql('SELECT mediator_class FROM mediator_store.flow WHERE order_id = $1', [
      placed.orderId,
    ]);
    expect(flow).toEqual({ mediator_class: 'complex' });
    const resumed = await shop.sql<{ by: string }>(
      `SELECT body->>'by' AS by FROM outbox.fact WHERE key = $1 AND name = 'order-resumed'`,
      [placed.orderId],
    );
    expect(resumed).toEqual([{ by: 'approve' }]);
  });

  it('does not wait at the limit, or in a currency without one', async () => {
    expect(await shop.outcomeOf(pieces(2), limitOf(9670))).toMatchObject({ outcome: 'completed' });
    expect(await shop.outcomeOf({ ...pieces(2), currency: 'USD' }, limitOf(1))).toMatchObject({ outcome: 'completed' });
  });

  it('is undone when it is declined, without ever having been charged', async () => {
    const placed = await shop.place(pieces(2), limitOf(1));
    await heldFor(shop, placed, 'approval');
    await act(shop, placed, 'cancel', { actor, reason: 'nobody knows this customer' });
    expect(await shop.end(placed)).toMatchObject({ outcome: 'cancelled' });
    expect(charged(placed)).toBe(0);
    expect(await askedOf(placed)).not.toContain('apply-payment');
  });

  it('is undone at the deadline, after reminders', async () => {
    const placed = await shop.place(pieces(2), limitOf(1, { deadline: '6 seconds', reminders: ['3 seconds'] }));
    expect(await shop.end(placed)).toMatchObject({ outcome: 'cancelled', reason: 'It was not approved in time.' });
    expect(await mailsOf(placed)).toEqual([
      `Your order ${placed.orderId} is being looked at`,
      `Reminder: Your order ${placed.orderId} is being looked at`,
      `Your order ${placed.orderId} was cancelled`,
    ]);
  });

  it('goes on when it is amended to less, with the stock of the amendment taken once', async () => {
    const placed = await shop.place(pieces(2), limitOf(6000));
    await heldFor(shop, placed, 'approval');
    await act(shop, placed, 'amend', pieces(1));
    expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
    const taken = await shop.sql('SELECT quantity FROM inventory.taken WHERE order_id = $1', [placed.orderId]);
    expect(taken).toEqual([{ quantity: 1 }]);
    expect(shop.rig.cardGateway.balance(placed.orderId)).toBe(5080);
  });

  it('is approved only at the amount that was looked at, when that is said', async () => {
    const placed = await shop.place(pieces(2), limitOf(1));
    await heldFor(shop, placed, 'approval');
    await act(shop, placed, 'amend', pieces(3));
    const seen = { amount: 9670, currency: 'EUR' } as const;
    const approve = (total: Money) => refusalOf(act(shop, placed, 'approve', { actor, total }));
    const refusal = await until(async () => {
      const told = await approve(seen);
      return !told.includes('is being amended') && told;
    });
    expect(refusal).toMatch(
      /comes to EUR 1\d\d\.\d\d by now, not to EUR 96\.70: look at it again\. Possible now: approve,/,
    );
    expect(await approve({ amount: 0.5, currency: 'EUR' })).toMatch('The total must be an amount in minor units');
    const { total } = await shop.progress(placed);
    expect(await approve({ amount: total?.amount ?? 0, currency: 'GBP' })).toMatch('look at it again');
    await act(shop, placed, 'approve', { actor, ...(total ? { total } : {}) });
    expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
  });

  it('puts the stock of an amendment back when it is declined after it', async () => {
    const placed = await shop.place(pieces(2), limitOf(1));
    await heldFor(shop, placed, 'approval');
    await act(shop, placed, 'amend', pieces(3));
    await act(shop, placed, 'cancel', { actor, reason: null });
    await shop.end(placed);
    const kept = await shop.sql('SELECT 1 FROM inventory.taken WHERE order_id = $1 AND released_at IS NULL', [
      placed.orderId,
    ]);
    expect(kept).toEqual([]);
  });

  it('is approved again when an amendment raises it above what was approved, before the difference is charged', async () => {
    const placed = await shop.place({ ...pieces(2), card: 'card_denied' }, limitOf(6000));
    await heldFor(shop, placed, 'approval');
    await act(shop, placed, 'approve', { actor });
    await heldFor(shop, placed, 'payment');
    await act(shop, placed, 'amend', pieces(3));
    await act(shop, placed, 'pay', { card: 'card_ok' });
    await heldFor(shop, placed, 'approval');
    expect(charged(placed)).toBe(0);
    await act(shop, placed, 'approve', { actor });
    expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
    expect(shop.rig.cardGateway.balance(placed.orderId)).toBe((await shop.progress(placed)).total?.amount);
  });

  it('keeps hold and approval when its workflow is lost', async () => {
    const waiting = await shop.place(pieces(2), limitOf(1));
    const before = await heldFor(shop, waiting, 'approval');
    const approved = await shop.place({ ...pieces(2), card: 'card_denied' }, limitOf(1));
    await heldFor(shop, approved, 'approval');
    await act(shop, approved, 'approve', { actor });
    await heldFor(shop, approved, 'payment');
    await until(async () => (await shop.sql(`SELECT 1 FROM mediator_store.flow WHERE state = 'held'`)).length === 2, {
      what: 'both holds',
    });
    for (const placed of [waiting, approved]) await workflowOf(placed).terminate();
    for (const placed of [waiting, approved]) {
      const isBack = async () => (await workflowOf(placed).describe()).status.name === 'RUNNING';
      await until(isBack, { within: 30_000, what: 'the order to run again' });
    }
    expect(await heldFor(shop, waiting, 'approval')).toEqual(before);
    await heldFor(shop, approved, 'payment');
    expect((await shop.progress(approved)).holds.map(({ reason }) => reason)).toEqual(['payment']);
    await act(shop, waiting, 'approve', { actor });
    await act(shop, approved, 'pay', { card: 'card_ok' });
    for (const placed of [waiting, approved]) {
      expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
      expect(charged(placed)).toBe(1);
      expect(await rowOf(shop, placed.requestId)).toMatchObject({ state: 'complete', mediator_class: 'complex' });
    }
  });
});
