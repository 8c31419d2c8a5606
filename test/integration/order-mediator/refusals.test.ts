import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlaceOrder } from '../../../contracts/place-order.ts';
import { nobodyHelps } from '../../support/policies.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

const anyBook = '9780134685991';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const commandsOf = async (changes: Partial<PlaceOrder>) => {
  const placed = await shop.place(changes, nobodyHelps);
  const outcome = await shop.end(placed);
  const { steps } = await shop.progress(placed);
  return { ...outcome, steps, commands: steps.map((record) => record.command) };
};
const onHand = async () =>
  (await shop.sql<{ on_hand: number }>('SELECT on_hand FROM inventory.stock WHERE isbn = $1', [anyBook]))[0]?.on_hand;
const mailsOf = async (orderId: string) =>
  (await shop.rig.smtpSink.mails()).filter((mail) => mail.subject.includes(orderId));

describe('an order that a processor refuses, and nobody puts right in time,', () => {
  it.each([
    ['card_expired', /expired/],
    ['card_insufficient_funds', /not enough money/],
    ['card_denied', /declined/],
    ['card_nobody_knows', /card/],
  ])('for its card (%s) is undone in reverse and ends cancelled', async (card, reason) => {
    const before = await onHand();
    const refused = await commandsOf({ card });
    expect(refused).toMatchObject({ outcome: 'cancelled', reason: 'It was not paid in time.' });
    expect(refused.steps.find((record) => record.command === 'apply-payment')?.refusal).toBe('PaymentDenied');
    const [hold] = await shop.sql<{ message: string }>('SELECT message FROM mediator_store.hold WHERE order_id = $1', [
      refused.orderId,
    ]);
    expect(hold?.message).toMatch(reason);
    expect(refused.commands.slice(4)).toEqual([
      'email-customer',
      'release-inventory',
      'refund-payment',
      'cancel-order',
      'email-customer',
    ]);
    expect(await onHand()).toBe(before);
    expect(shop.rig.cardGateway.charges(refused.orderId)).toEqual([]);
    const facts = await shop.factsOf(refused.orderId);
    expect(facts).toContain('payment-denied');
    expect(facts.slice(-3)).toEqual(['inventory-released', 'order-cancelled', 'email-sent']);
  });

  it('for its stock gets its money back and hears of it', async () => {
    const refused = await commandsOf({ lines: [{ isbn: '9780201633610', quantity: 10_000 }] });
    expect(refused).toMatchObject({ outcome: 'cancelled' });
    expect(refused.steps.find((record) => record.command === 'adjust-inventory')?.refusal).toBe('OutOfStock');
    expect(shop.rig.cardGateway.charges(refused.orderId)).toHaveLength(1);
    expect(shop.rig.cardGateway.balance(refused.orderId)).toBe(0);
    const mails = await mailsOf(refused.orderId);
    expect(mails).toHaveLength(3);
    expect(mails[2]?.text).toMatch(/EUR [\d.]+/);
  });

  it('for its address is unpacked, put back on the shelf and refunded, newest first', async () => {
    const before = await onHand();
    const shipTo = { name: 'Station', street: 'Ice 1', city: 'Base', postcode: '0', country: 'AQ' as const };
    const refused = await commandsOf({ shipTo });
    expect(refused.steps.find((record) => record.command === 'ship-order')?.refusal).toBe('Undeliverable');
    expect(refused.commands.slice(8)).toEqual([
      'email-customer',
      'recall-shipment',
      'unpack-order',
      'release-inventory',
      'refund-payment',
      'cancel-order',
      'email-customer',
    ]);
    expect(await onHand()).toBe(before);
    expect(shop.rig.cardGateway.balance(refused.orderId)).toBe(0);
    const [told] = (await mailsOf(refused.orderId)).slice(-1);
    expect(told?.subject).toMatch(/cancel/i);
  });

  it('for a title whose weight nobody knows is undone as well', async () => {
    await shop.sql('DELETE FROM order_fulfillment.weight WHERE isbn = $1', ['9780132350884']);
    const refused = await commandsOf({ lines: [{ isbn: '9780132350884', quantity: 1 }] });
    expect(refused.steps.find((record) => record.command === 'fulfill-order')?.refusal).toBe('NotPackable');
    expect(refused.outcome).toBe('cancelled');
    expect(shop.rig.cardGateway.balance(refused.orderId)).toBe(0);
  });

  it('is found by its state in Temporal', async () => {
    const { orderId } = await shop.outcomeOf({ card: 'card_denied' }, nobodyHelps);
    const query = `OrderState = 'cancelled' AND OrderId = '${orderId}' AND MediatorClass = 'hard' AND CustomerId = 'c-1'`;
    await until(async () => (await shop.client.workflow.count(query)).count === 1, {
      what: `one workflow for ${query}`,
    });
  });
});

describe('a fault', () => {
  it('of the card gateway is waited for, and the card is charged once when it is back', async () => {
    await shop.rig.cardGateway.kill();
    const placed = await shop.place();
    const waiting = async () => {
      const { pendingActivities } = (await shop.client.workflow.getHandle(placed.workflowId).describe()).raw;
      return pendingActivities?.some(
        ({ activityType, attempt }) => activityType?.name === 'applyPayment' && attempt! > 1,
      );
    };
    await until(waiting, { what: 'a second attempt to charge' });
    await shop.rig.cardGateway.start();
    expect((await shop.end(placed)).outcome).toBe('completed');
    expect(shop.rig.cardGateway.charges(placed.orderId)).toHaveLength(1);
    const { steps } = await shop.progress(placed);
    expect(steps.find((record) => record.command === 'apply-payment')?.attempt).toBeGreaterThan(1);
  });

  it.each(['card_flaky', 'card_lost_reply', 'card_slow'])('of a card like %s charges once', async (card) => {
    const { orderId, outcome } = await shop.outcomeOf({ card });
    expect(outcome).toBe('completed');
    expect(shop.rig.cardGateway.charges(orderId)).toHaveLength(1);
  });
});
