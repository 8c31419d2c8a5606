import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlacedOrder } from '../../../app/place.ts';
import { orderMediator } from '../../../contracts/mediators/order-mediator.ts';
import type { PlaceOrder } from '../../../contracts/place-order.ts';
import { act, heldFor } from '../../support/acting.ts';
import { policyOf } from '../../support/policies.ts';
import { reconcileEverySecond } from '../../support/recovered.ts';
import { anOrder, openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

const actor = 'Robin';
const { shipTo } = anOrder();
/** No carrier goes there: the order waits for an address before it is shipped. */
const nowhere: Partial<PlaceOrder> = { shipTo: { ...shipTo, country: 'AQ' } };

describe('an order of a customer of whom fraud is suspected', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop({ temporal: 'own', env: { FRAUD_DECLINES: '3', ...reconcileEverySecond } });
  });
  afterAll(() => shop.close());

  const workflowOf = ({ workflowId }: PlacedOrder) => shop.client.workflow.getHandle(workflowId);
  const notesOf = async (placed: PlacedOrder) => (await shop.progress(placed)).notes;
  const isNoted = (placed: PlacedOrder, words: string) =>
    until(async () => (await notesOf(placed)).some((note) => note.includes(words)), { within: 60_000, what: words });

  async function waitsForAddress(customerId: string): Promise<PlacedOrder> {
    const placed = await shop.place({ ...nowhere, customerId }, policyOf());
    await heldFor(shop, placed, 'address');
    return placed;
  }

  /** In step 5: handed over, and not told yet. */
  async function shippedAndNotTold(customerId: string) {
    const letShip = await shop.holdTables('shipping.guard');
    const placed = await shop.place({ customerId }, policyOf());
    const isTold = async () =>
      (await shop.progress(placed)).steps.some(
        ({ requestId, acknowledgedAt }) => requestId.includes('ready-to-ship') && acknowledgedAt !== null,
      );
    await until(isTold, { within: 30_000, what: 'the mail before the shipment' });
    const letMail = await shop.holdTables('notification.mail');
    await letShip();
    await until(async () => (await shop.progress(placed)).step === 5, { what: 'step 5' });
    return { placed, letMail };
  }

  it('is held before its next step when it is not shipped, and only says so when it is', async () => {
    const customerId = 'c-1';
    const waiting = await waitsForAddress(customerId);
    const { placed: shipped, letMail } = await shippedAndNotTold(customerId);
    const declined = await Promise.all(
      [1, 2, 3].map(() => shop.place({ customerId, card: 'card_denied' }, policyOf())),
    );
    await isNoted(shipped, 'It is too late to hold the order.');
    for (const placed of [waiting, ...declined]) await isNoted(placed, 'Fraud is suspected: 3 cards');
    await letMail();
    expect(await shop.end(shipped)).toMatchObject({ outcome: 'completed' });

    await act(shop, waiting, 'amend', { shipTo });
    expect(await heldFor(shop, waiting, 'approval')).toMatchObject({
      step: 4,
      message: expect.stringContaining('Fraud is suspected: 3 cards of the customer were declined'),
    });
    await act(shop, waiting, 'approve', { actor });
    expect(await shop.end(waiting)).toMatchObject({ outcome: 'completed' });

    const [paid, given] = declined;
    if (!paid || !given) throw new Error('Three orders were placed.');
    await act(shop, paid, 'pay', { card: 'card_ok' });
    await heldFor(shop, paid, 'approval');
    expect(shop.rig.cardGateway.charges(paid.orderId)).toHaveLength(0);
    await act(shop, paid, 'approve', { actor });
    expect(await shop.end(paid)).toMatchObject({ outcome: 'completed' });
    await act(shop, given, 'cancel', { actor, reason: 'fraud' });
    expect(await shop.end(given)).toMatchObject({ outcome: 'cancelled' });
  });

  it('is held once for a suspicion that it hears of twice, and waits on when its workflow is lost', async () => {
    const placed = await waitsForAddress('c-2');
    const suspicion = { suspicionId: 'fact-1', why: 'Three cards were declined.' };
    for (let n = 0; n < 2; n += 1) await workflowOf(placed).signal(orderMediator.suspectedSignal, suspicion);
    await workflowOf(placed).signal(orderMediator.suspectedSignal, null);
    await act(shop, placed, 'amend', { shipTo });
    const before = await heldFor(shop, placed, 'approval');
    expect(await notesOf(placed)).toEqual(['Fraud is suspected: Three cards were declined.']);
    const isStored = async () =>
      (await shop.sql(`SELECT FROM mediator_store.hold WHERE order_id = $1 AND reason = 'approval'`, [placed.orderId]))
        .length === 1;
    await until(isStored, { what: 'the hold to be stored' });
    await workflowOf(placed).terminate();
    const isBack = async () => (await workflowOf(placed).describe()).status.name === 'RUNNING';
    await until(isBack, { within: 60_000, what: 'the order to run again' });
    expect(await heldFor(shop, placed, 'approval')).toEqual(before);
    await act(shop, placed, 'approve', { actor });
    expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
    expect(shop.rig.cardGateway.charges(placed.orderId)).toHaveLength(1);
  });

  it('is held afterwards when Temporal is away while the fact comes', async () => {
    const customerId = 'c-3';
    const placed = await waitsForAddress(customerId);
    await shop.rig.temporalServer.kill();
    const orderId = 'ord-declined';
    const tell = (name: string, body: object) =>
      shop.sql(`SELECT outbox.record_fact('orders', $1, $2, $3::jsonb)`, [name, orderId, JSON.stringify(body)]);
    const total = { amount: 100, currency: 'EUR' };
    await tell('order-created', { orderId, customerId, country: 'DE', lines: [], total });
    for (let n = 0; n < 3; n += 1) await tell('payment-denied', { orderId, reason: 'declined', amount: total });
    const waits = (where: string) =>
      until(async () => (await shop.sql(`SELECT FROM fraud_hold.outgoing`)).length === (where === 'one' ? 1 : 0), {
        within: 90_000,
        what: `${where} message on its way`,
      });
    await waits('one');
    const failed = 'SELECT FROM fraud_hold.outgoing WHERE problem IS NOT NULL';
    await until(async () => (await shop.sql(failed)).length === 1, { within: 60_000, what: 'an attempt that failed' });
    await shop.rig.temporalServer.start();
    await waits('no');
    await isNoted(placed, 'Fraud is suspected: 3 cards');
    await act(shop, placed, 'amend', { shipTo });
    await heldFor(shop, placed, 'approval');
    await act(shop, placed, 'approve', { actor });
    expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
  });
});
