import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchWorker, type WorkerProcess } from '../../support/rig/worker.ts';
import { requestReturn, sendBack, type Returning } from '../../support/returning.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

const isbn = '9780134685991';
const others = ['order-placement', 'notification', 'inventory', 'order-fulfillment', 'warehouse', 'shipping'];

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({}, [['order-mediator', ...others]]);
});
afterAll(() => shop.close());

const launch = (name: string): Promise<WorkerProcess> => launchWorker([name], shop.rig.env, shop.rig.folder);

/** An order of two pieces, one of which is back and was just accepted; its charge is locked, so that the refund stays in the middle. */
async function refundInTheMiddle(): Promise<{ orderId: string; returning: Returning; letGo: () => Promise<void> }> {
  const order = await shop.outcomeOf({ lines: [{ isbn, quantity: 2 }] });
  const returning = await requestReturn(shop, { order, lines: [{ isbn, quantity: 1 }] });
  await sendBack(returning);
  const { orderId } = order;
  const letGo = await shop.holdRows(`SELECT FROM payment.charge WHERE order_id = '${orderId}' FOR UPDATE`);
  await returning.act('inspect', { lines: [{ isbn, accepted: 1, sellable: 1 }] });
  await until(() => shop.rig.cardGateway.refunds(orderId).length === 1, { what: 'the refund at the gateway' });
  return { orderId, returning, letGo };
}

async function expectOneRefund(orderId: string, returning: Returning): Promise<void> {
  const { outcome, refunded } = await returning.end();
  expect(outcome).toBe('completed');
  expect(shop.rig.cardGateway.refunds(orderId).map(({ amount }) => amount)).toEqual([refunded?.amount]);
  const told = (await shop.factsOf(orderId)).filter((name) => /refunded|restocked|return/.test(name));
  expect(told.toSorted()).toEqual(['inventory-restocked', 'payment-refunded', 'return-closed', 'return-opened']);
}

describe('a return gives its money back once', () => {
  it('when the payment worker is killed after the gateway did it, before that is written down', async () => {
    const [mediator, payment] = await Promise.all([launch('returns-mediator'), launch('payment')]);
    const { orderId, returning, letGo } = await refundInTheMiddle();
    await payment.kill();
    await letGo();
    const next = await launch('payment');
    await expectOneRefund(orderId, returning);
    const { steps } = await returning.progress();
    expect(steps.find(({ command }) => command === 'refund-return')?.attempt).toBeGreaterThan(1);
    await Promise.all([next.stop(), mediator.stop()]);
  });

  it('when the mediator is killed meanwhile, and while it waits for people', async () => {
    const [mediator, payment] = await Promise.all([launch('returns-mediator'), launch('payment')]);
    const { orderId, returning, letGo } = await refundInTheMiddle();
    await mediator.kill();
    await letGo();
    const next = await launch('returns-mediator');
    await expectOneRefund(orderId, returning);
    const order = { orderId };
    const waiting = await requestReturn(shop, { order, lines: [{ isbn, quantity: 1 }] });
    await waiting.is('awaiting-approval');
    await next.kill();
    const last = await launch('returns-mediator');
    await waiting.act('decline', { reason: 'No.' });
    expect((await waiting.end()).outcome).toBe('declined');
    await Promise.all([last.stop(), payment.stop()]);
  });
});
