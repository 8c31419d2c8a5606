import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { applying, landsLate, openPaymentDesk, refunding, type PaymentDesk } from './paying.ts';
import { anOrderId, atOnce, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
let desk: PaymentDesk;
beforeAll(async () => {
  bench = await openWorkbench({ cardGateway: { slowMs: 1_500 } });
  desk = openPaymentDesk(bench);
});
afterAll(() => bench.close());

const reconcile = async (olderThanSeconds = 0) =>
  (await desk.processor.reconcileCharges({ requestId: 'reconcile/1', olderThanSeconds })).givenBack;
/** An order paid in round 2, whose round 1 was left behind by a worker that died. */
async function leftBehind(card = 'card_ok') {
  const first = applying(anOrderId(), 1, 1000, card);
  await desk.store.begin(first);
  await desk.processor.applyPayment(applying(first.orderId, 2, 1000));
  return first;
}
const ages = (requestId: string, by: string) =>
  bench.sql('UPDATE payment.charge SET intended_at = now() - $2::interval WHERE request_id = $1', [requestId, by]);

describe('reconcile-charges', () => {
  it('gives back a charge that landed after a later round had paid, when its worker is dead', async () => {
    const first = await leftBehind();
    await landsLate(desk, first);
    expect(bench.rig.cardGateway.balance(first.orderId)).toBe(2000);
    expect(await reconcile()).toEqual([first.orderId]);
    await desk.expectCharged(first.orderId, 1000);
    expect(await bench.factsOf(first.orderId)).toEqual(['payment-applied', 'payment-applied', 'payment-refunded']);
    expect(await reconcile()).toEqual([]);
  });

  it('gives back a charge that landed after the compensation had looked, when its worker is dead', async () => {
    const command = applying(anOrderId(), 1, 1000);
    await desk.store.begin(command);
    await desk.processor.refundPayment(refunding(command.orderId));
    await landsLate(desk, command);
    expect(await reconcile()).toEqual([command.orderId]);
    await desk.expectCharged(command.orderId, 0);
    expect(await bench.factsOf(command.orderId)).toEqual(['payment-applied', 'payment-refunded']);
  });

  it('finds a charge that lands although its caller hung up, once it is there', async () => {
    const first = await leftBehind();
    const hungUp = fetch(new URL('/charges', bench.rig.cardGateway.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': first.requestId },
      body: JSON.stringify({ orderId: first.orderId, amount: 1000, currency: 'EUR', card: 'card_slow' }),
      signal: AbortSignal.timeout(500),
    });
    await expect(hungUp).rejects.toThrow('timeout');
    const early = await reconcile(); // finds nothing, unless this took longer than the gateway
    const landed = bench.rig.cardGateway.charges(first.orderId).length - 1;
    expect(early.length).toBeLessThanOrEqual(landed);
    await until(() => bench.rig.cardGateway.charges(first.orderId).length === 2, { what: 'the late charge' });
    expect([...early, ...(await reconcile())]).toEqual([first.orderId]);
    await desk.expectCharged(first.orderId, 1000);
  });

  it('leaves alone what may still settle, and what is younger than it is told to look at', async () => {
    const open = applying(anOrderId(), 1, 1000);
    await desk.store.begin(open);
    await landsLate(desk, open);
    const young = await leftBehind();
    await landsLate(desk, young);
    expect(await reconcile(60)).toEqual([]);
    expect(await reconcile()).toEqual([young.orderId]);
    expect(await desk.stateOf(open)).toBe('intended');
    await desk.processor.applyPayment(open);
    await desk.expectCharged(open.orderId, 1000);
  });

  it('looks at an intent without a charge for a day, and at an older one once more', async () => {
    const [waiting, over, charged] = [await leftBehind(), await leftBehind(), await leftBehind()];
    await ages(waiting.requestId, '23 hours');
    await ages(over.requestId, '3 days');
    await ages(charged.requestId, '3 days');
    await landsLate(desk, charged);
    expect(await reconcile()).toEqual([charged.orderId]);
    expect(await desk.stateOf(waiting)).toBe('intended');
    expect(await desk.stateOf(over)).toBeUndefined();
    expect(await desk.stateOf(charged)).toBe('returned');
  });

  it('goes on to the others when there is trouble with one, and tells of it at the end', async () => {
    const [bad, good] = [await leftBehind('card_refund_flaky'), await leftBehind()];
    await landsLate(desk, bad);
    await landsLate(desk, good);
    await expect(reconcile()).rejects.toThrow(/^1 charges .* 503 to POST \/charges/);
    await desk.expectCharged(good.orderId, 1000);
    await expect(reconcile()).rejects.toThrow('503');
    expect(await reconcile()).toEqual([bad.orderId]);
    await desk.expectCharged(bad.orderId, 1000);
  });

  it('is not kept from a charge by hundreds of older intents without one', async () => {
    await bench.sql(
      `INSERT INTO payment.guard (order_id, undone) SELECT 'many-' || n, true FROM generate_series(1, 250) AS n`,
    );
    await bench.sql(`INSERT INTO payment.charge (request_id, order_id, amount, currency, state, intended_at)
      SELECT 'many-' || n || '/apply-payment/1', 'many-' || n, 100, 'EUR', 'intended', now() - interval '1 hour' FROM generate_series(1, 250) AS n`);
    const late = await leftBehind();
    await landsLate(desk, late);
    expect(await reconcile()).toEqual([late.orderId]);
    await bench.sql(`DELETE FROM payment.charge WHERE order_id LIKE 'many-%'`);
  });

  it('gives back once when two look at once', async () => {
    const first = await leftBehind();
    await landsLate(desk, first);
    await atOnce(2, () => reconcile());
    expect(bench.rig.cardGateway.refunds(first.orderId)).toHaveLength(1);
    await desk.expectCharged(first.orderId, 1000);
  });
});
