import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

describe('the five steps of an order', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.close());

  it('end with everything done once, told to the customer, and broadcast', async () => {
    const placed = await shop.place({ lines: [{ isbn: '9780134685991', quantity: 2 }] });
    expect(await shop.end(placed)).toEqual({ orderId: placed.orderId, outcome: 'completed', reason: null });

    const { steps, total, state, step } = await shop.progress(placed);
    expect({ state, step }).toEqual({ state: 'completed', step: 5 });
    expect(steps.map((record) => [record.step, record.command])).toEqual([
      [1, 'create-order'],
      [2, 'email-customer'],
      [2, 'apply-payment'],
      [2, 'adjust-inventory'],
      [3, 'fulfill-order'],
      [3, 'order-stock'],
      [4, 'ship-order'],
      [4, 'email-customer'],
      [5, 'email-customer'],
    ]);
    expect(steps.every((record) => record.acknowledgedAt !== null && record.attempt === 1)).toBe(true);
    expect(shop.rig.cardGateway.charges(placed.orderId).map(({ amount }) => amount)).toEqual([total?.amount]);
    expect((await shop.rig.smtpSink.mails()).filter((mail) => mail.subject.includes(placed.orderId))).toHaveLength(3);
    const facts = ['order-created', 'payment-applied', 'inventory-updated', 'order-fulfilled', 'order-shipped'];
    const told = await shop.factsOf(placed.orderId);
    expect(told).toEqual(expect.arrayContaining([...facts, 'email-sent', 'order-completed']));
    expect(told).toHaveLength(9);
    expect(told.at(-1)).toBe('order-completed');
  });

  it('keep no card token and no body in the mediator store once the order has ended', async () => {
    const { orderId } = await shop.outcomeOf({ card: 'card_ok' });
    const rows = await shop.sql<{ working: unknown; row: string }>(
      'SELECT working, flow::text AS row FROM mediator_store.flow WHERE order_id = $1',
      [orderId],
    );
    expect(rows[0]?.working).toBeNull();
    expect(rows[0]?.row).not.toContain('card_ok');
  });

  it('give the order id as soon as step 1 is acknowledged, while step 2 is held open', async () => {
    const release = await shop.holdTables('payment.guard');
    const placed = await shop.place();
    await shop.allWaitFor('payment.guard');
    expect(placed.orderId).toMatch(/^ord-/);
    expect((await shop.progress(placed)).step).toBe(2);
    await release();
    expect((await shop.end(placed)).outcome).toBe('completed');
  });

  it('ask all three of step 2 before any of them has answered', async () => {
    const tables = ['notification.mail', 'payment.guard', 'inventory.guard'];
    const release = await shop.holdTables(...tables);
    const placed = await shop.place();
    await shop.allWaitFor(...tables);
    await release();
    expect((await shop.end(placed)).outcome).toBe('completed');
  });

  it('ask both of step 3, and both of step 4, before either has answered', async () => {
    const step3 = ['order_fulfillment.guard', 'warehouse.answer'];
    const step4 = ['shipping.guard', 'notification.mail'];
    const releaseStep3 = await shop.holdTables(...step3);
    const placed = await shop.place();
    await shop.allWaitFor(...step3);
    const releaseStep4 = await shop.holdTables(...step4);
    await releaseStep3();
    await shop.allWaitFor(...step4);
    await releaseStep4();
    expect((await shop.end(placed)).outcome).toBe('completed');
  });

  it('begin a step only when the slowest of the step before has answered', async () => {
    const release = await shop.holdTables('inventory.guard');
    const placed = await shop.place();
    const answered = async () => {
      const { steps } = await shop.progress(placed);
      return steps.filter((record) => record.step === 2 && record.acknowledgedAt).length === 2;
    };
    await until(answered, { what: 'mail and payment' });
    const { steps, step } = await shop.progress(placed);
    expect(step).toBe(2);
    expect(steps.some((record) => record.step === 3)).toBe(false);
    await release();
    expect((await shop.end(placed)).outcome).toBe('completed');
  });
});
