import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlacedOrder } from '../../../app/place.ts';
import { act, heldFor } from '../../support/acting.ts';
import { policyOf } from '../../support/policies.ts';
import { isReported, reconcileEverySecond } from '../../support/recovered.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

const isbn = '9780134685991';

let shop: Shop;

const workflowOf = ({ workflowId }: PlacedOrder) => shop.client.workflow.getHandle(workflowId);
const ends = async (placed: PlacedOrder, state: string) => {
  const isSo = async () => {
    const [row] = await shop.sql<{ state: string }>('SELECT state FROM mediator_store.flow WHERE order_id = $1', [
      placed.orderId,
    ]);
    return row?.state === state;
  };
  await until(isSo, { within: 60_000, what: `order ${placed.orderId} to be ${state}` });
};
const mailsOf = async ({ orderId }: PlacedOrder) =>
  (await shop.rig.smtpSink.mails()).filter(({ subject }) => subject.includes(orderId));

describe('the reconciler', () => {
  beforeAll(async () => {
    shop = await openShop({ env: reconcileEverySecond });
  });
  afterAll(() => shop.close());

  it('carries on a terminated order where it stood, without a second charge or mail, and reports it', async () => {
    const letGo = await shop.holdTables('order_fulfillment.guard');
    const placed = await shop.place();
    await shop.allWaitFor('order_fulfillment.guard');
    await workflowOf(placed).terminate('somebody pressed the wrong button');
    await letGo();
    await ends(placed, 'completed');
    expect(shop.rig.cardGateway.charges(placed.orderId)).toHaveLength(1);
    expect(await mailsOf(placed)).toHaveLength(3);
    expect(await shop.factsOf(placed.orderId)).toHaveLength(9);
    await isReported(shop, ({ restarted }) => restarted.includes(placed.orderId));
  });

  it('carries on a terminated hold with its old deadline, and it is paid with one charge', async () => {
    const placed = await shop.place({ card: 'card_denied' }, policyOf());
    const before = await heldFor(shop, placed, 'payment');
    await workflowOf(placed).terminate();
    const isBack = async () => (await workflowOf(placed).describe()).status.name === 'RUNNING';
    await until(isBack, { within: 30_000, what: 'the order to run again' });
    expect(await heldFor(shop, placed, 'payment')).toEqual(before);
    await act(shop, placed, 'pay', { card: 'card_ok' });
    expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
    expect(shop.rig.cardGateway.charges(placed.orderId)).toHaveLength(1);
    expect(await shop.factsOf(placed.orderId)).toEqual(expect.arrayContaining(['order-held', 'order-resumed']));
    expect((await shop.factsOf(placed.orderId)).filter((name) => name === 'order-held')).toHaveLength(1);
  });

  it('keeps a payment that was answered, and finishes an amendment that had begun, when the order is terminated in their midst', async () => {
    const paying = await shop.place({ card: 'card_denied' }, policyOf());
    const amending = await shop.place({ card: 'card_denied' }, policyOf());
    await Promise.all([heldFor(shop, paying, 'payment'), heldFor(shop, amending, 'payment')]);
    const isWritten = async () =>
      (await shop.sql(`SELECT 1 FROM mediator_store.flow WHERE state = 'held'`)).length === 2;
    await until(isWritten, { what: 'both holds to be in the mediator store' });

    const letResume = await shop.holdRows(
      `SELECT FROM mediator_store.hold WHERE order_id = '${paying.orderId}' FOR UPDATE`,
    );
    const letAmend = await shop.holdTables('order_placement.guard');
    await act(shop, paying, 'pay', { card: 'card_ok' });
    const cutOff = act(shop, amending, 'amend', { lines: [{ isbn, quantity: 4 }] }).catch((error: unknown) => error);
    await shop.allWaitFor('order_placement.guard');
    await Promise.all([workflowOf(paying).terminate(), workflowOf(amending).terminate()]);
    expect(await cutOff).toBeInstanceOf(Error);
    await Promise.all([letResume(), letAmend()]);

    await ends(paying, 'completed');
    expect(shop.rig.cardGateway.charges(paying.orderId)).toHaveLength(1);
    const isBack = async () => (await workflowOf(amending).describe()).status.name === 'RUNNING';
    await until(isBack, { within: 30_000, what: 'the amended order to run again' });
    await heldFor(shop, amending, 'payment');
    await act(shop, amending, 'pay', { card: 'card_ok' });
    await ends(amending, 'completed');
    const [order] = await shop.sql<{ total: number }>(
      'SELECT total_amount::int AS total FROM order_placement.placed_order WHERE order_id = $1',
      [amending.orderId],
    );
    expect(shop.rig.cardGateway.balance(amending.orderId)).toBe(order?.total);
    const taken = await shop.sql('SELECT quantity FROM inventory.taken WHERE order_id = $1', [amending.orderId]);
    expect(taken).toEqual([{ quantity: 4 }]);
  });

  it('finishes the compensation of an order that was terminated in the midst of it', async () => {
    const letGo = await shop.holdTables('inventory.guard');
    const placed = await shop.place({}, policyOf());
    await shop.allWaitFor('inventory.guard');
    await act(shop, placed, 'cancel', { reason: null, actor: 'Robin' });
    await workflowOf(placed).terminate();
    await letGo();
    await ends(placed, 'cancelled');
    expect(shop.rig.cardGateway.balance(placed.orderId)).toBe(0);
    const taken = await shop.sql('SELECT 1 FROM inventory.taken WHERE order_id = $1 AND released_at IS NULL', [
      placed.orderId,
    ]);
    expect(taken).toEqual([]);
    expect((await mailsOf(placed)).filter(({ subject }) => subject.includes('cancelled'))).toHaveLength(1);
  });
});

describe('the reconciler of purchase orders', () => {
  beforeAll(async () => {
    shop = await openShop({ supplier: { deliverySeconds: 8, mode: 'whole' }, env: reconcileEverySecond });
  });
  afterAll(() => shop.close());

  it('starts the workflow of one that was terminated, and orders what a waiting order lacks and nobody ordered', async () => {
    await shop.sql('UPDATE inventory.stock SET on_hand = 0 WHERE isbn = $1', [isbn]);
    const waiting = await shop.place({ lines: [{ isbn, quantity: 3 }] }, policyOf());
    await heldFor(shop, waiting, 'stock');
    const ofTitle = () =>
      shop.sql<{ id: string; state: string }>(
        'SELECT purchase_order_id AS id, state FROM warehouse.purchase_order WHERE isbn = $1 ORDER BY intended_at',
        [isbn],
      );
    await until(async () => (await ofTitle())[0]?.state === 'placed', { what: 'the purchase order to be placed' });
    const [first] = await ofTitle();
    const flow = shop.client.workflow.getHandle(`replenishment/${first?.id}`);
    const runs = () =>
      flow.describe().then(
        () => true,
        () => false,
      ); // not yet
    await until(runs, { what: 'its workflow' });
    await flow.terminate('somebody pressed the wrong button');
    await isReported(shop, ({ replenished }) => replenished.includes(first?.id ?? ''));
    await shop.sql(`UPDATE warehouse.purchase_order SET state = 'closed' WHERE isbn = $1`, [isbn]);
    await isReported(shop, ({ uncovered }) => uncovered.includes(isbn));
    expect(await shop.end(waiting)).toMatchObject({ outcome: 'completed' });
  });
});

describe('the reconciler of a Temporal that came back empty', () => {
  beforeAll(async () => {
    const supplier = { deliverySeconds: 60, mode: 'whole' } as const;
    shop = await openShop({ temporal: 'own', supplier, env: reconcileEverySecond });
  });
  afterAll(() => shop.close());

  it('carries on held, amended and open orders', async () => {
    const held = await shop.place({ card: 'card_denied' }, policyOf());
    await heldFor(shop, held, 'payment');
    const amended = await shop.place({ card: 'card_denied', lines: [{ isbn, quantity: 1 }] }, policyOf());
    await heldFor(shop, amended, 'payment');
    await act(shop, amended, 'amend', { lines: [{ isbn, quantity: 3 }] });
    const { total } = await shop.progress(amended);
    const letGo = await shop.holdTables('order_fulfillment.guard');
    const open = await shop.place({}, policyOf());
    await shop.allWaitFor('order_fulfillment.guard');
    await shop.rig.temporalServer.kill();
    rmSync(join(shop.rig.folder, 'temporal'), { recursive: true });
    await shop.rig.temporalServer.start();
    await letGo();
    await shop.rig.launchWorker('order-mediator'); // whose start makes the Schedule again
    await ends(open, 'completed');
    for (const placed of [held, amended]) {
      const isBack = () => heldFor(shop, placed, 'payment').then(() => true);
      await until(isBack, { within: 60_000, what: 'the hold to be back' });
      await act(shop, placed, 'pay', { card: 'card_ok' });
      await ends(placed, 'completed');
      expect(shop.rig.cardGateway.charges(placed.orderId)).toHaveLength(1);
    }
    expect(shop.rig.cardGateway.balance(amended.orderId)).toBe(total?.amount);
    expect(shop.rig.cardGateway.charges(open.orderId)).toHaveLength(1);
  });
});
