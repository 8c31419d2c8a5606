import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlacedOrder } from '../../../app/place.ts';
import { act, heldFor, refusalOf } from '../../support/acting.ts';
import { refundElsewhere } from '../../support/partners.ts';
import { policyOf } from '../../support/policies.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

const byCustomer = { reason: null };
const byOperator = { reason: 'not in print any more', actor: 'Robin' };

describe('cancelling an order', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.close());

  const commandsOf = async (placed: PlacedOrder) => (await shop.progress(placed)).steps.map(({ command }) => command);

  it('during a hold undoes it at once, and tells the customer once', async () => {
    const placed = await shop.place({ card: 'card_denied' }, policyOf());
    await heldFor(shop, placed, 'payment');
    const taken = await act(shop, placed, 'cancel', byCustomer);
    expect(taken.state).toBe('compensating');
    expect(await shop.end(placed)).toMatchObject({ outcome: 'cancelled', reason: 'The customer cancelled it.' });
    const told = (await shop.rig.smtpSink.mails()).filter(
      ({ subject }) => subject === `Your order ${placed.orderId} was cancelled`,
    );
    expect(told).toHaveLength(1);
  });

  it('answers when the decision is recorded, while the charge is still under way; then gives the charge back', async () => {
    const release = await shop.holdTables('payment.guard');
    const placed = await shop.place();
    await shop.allWaitFor('payment.guard');
    await act(shop, placed, 'cancel', byCustomer);
    const [row] = await shop.sql('SELECT state FROM mediator_store.flow WHERE order_id = $1', [placed.orderId]);
    expect(row).toEqual({ state: 'compensating' });
    await release();
    expect(await shop.end(placed)).toMatchObject({ outcome: 'cancelled' });
    expect(shop.rig.cardGateway.charges(placed.orderId)).toHaveLength(1);
    expect(shop.rig.cardGateway.balance(placed.orderId)).toBe(0);
  });

  it('twice and by both at the same moment has one outcome', async () => {
    const placed = await shop.place({ card: 'card_denied' }, policyOf());
    await heldFor(shop, placed, 'payment');
    await Promise.all([act(shop, placed, 'cancel', byCustomer), act(shop, placed, 'cancel', byOperator)]);
    const { reason } = await shop.end(placed);
    expect([`The customer cancelled it.`, `The shop cancelled it: ${byOperator.reason}.`]).toContain(reason);
    expect((await commandsOf(placed)).filter((command) => command === 'refund-payment')).toHaveLength(1);
  });

  it('while it is handed over leaves it to the carrier: taken by the carrier, it is not cancelled', async () => {
    const placed = await shop.place({}, policyOf());
    const release = await holdAtShipping(placed);
    const cancelling = refusalOf(act(shop, placed, 'cancel', byCustomer));
    await until(async () => (await updatesOf(placed)) === 2, { what: 'the cancel to be accepted' });
    await release();
    expect(await cancelling).toMatch(/handed over to .* send it back within 30 days/);
    expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
  });

  it('while it is handed over to a carrier that refuses it cancels it', async () => {
    const shipTo = { name: 'Station', street: 'Ice 1', city: 'Base', postcode: '0', country: 'AQ' as const };
    const placed = await shop.place({ shipTo }, policyOf());
    const release = await holdAtShipping(placed);
    const cancelling = act(shop, placed, 'cancel', byCustomer);
    await until(async () => (await updatesOf(placed)) === 2, { what: 'the cancel to be accepted' });
    await release();
    await cancelling;
    expect(await shop.end(placed)).toMatchObject({ outcome: 'cancelled', reason: 'The customer cancelled it.' });
  });

  it('of which the charge went back in the gateway’s dashboard gives nothing back twice, and says so', async () => {
    const shipTo = { name: 'Station', street: 'Ice 1', city: 'Base', postcode: '0', country: 'AQ' as const };
    const placed = await shop.place({ shipTo }, policyOf());
    await heldFor(shop, placed, 'address');
    await refundElsewhere(shop.rig, placed.orderId, shop.rig.cardGateway.balance(placed.orderId));
    await act(shop, placed, 'cancel', byOperator);
    expect(await shop.end(placed)).toMatchObject({ outcome: 'cancelled' });
    expect(shop.rig.cardGateway.balance(placed.orderId)).toBe(0);
    const told = (await shop.rig.smtpSink.mails()).find(({ subject }) =>
      subject.includes(`${placed.orderId} was cancelled`),
    );
    expect(told?.text).toContain('had gone back to your card already on');
    expect(told?.text).not.toMatch(/We have given back|has not been charged/);
  });

  it('by an operator after it was handed over calls the shipment back', async () => {
    const placed = await shop.place({}, policyOf());
    const release = await holdAtShipping(placed);
    await act(shop, placed, 'cancel', byOperator);
    await release();
    expect(await shop.end(placed)).toMatchObject({ reason: `The shop cancelled it: ${byOperator.reason}.` });
    const facts = await shop.factsOf(placed.orderId);
    expect(facts).toEqual(expect.arrayContaining(['order-shipped', 'shipment-recalled', 'order-unpacked']));
    expect(shop.rig.cardGateway.balance(placed.orderId)).toBe(0);
  });

  const updatesOf = async ({ workflowId }: PlacedOrder) => {
    const { events } = await shop.client.workflow.getHandle(workflowId).fetchHistory();
    return events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes).length;
  };

  /** Stops the order where the carrier is being asked. */
  async function holdAtShipping(placed: PlacedOrder): Promise<() => Promise<void>> {
    const release = await shop.holdTables('shipping.guard');
    await shop.allWaitFor('shipping.guard');
    expect(await commandsOf(placed)).toContain('ship-order');
    return release;
  }
});
