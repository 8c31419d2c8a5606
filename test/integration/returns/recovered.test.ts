import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OrderOutcome } from '../../../contracts/mediators/order-mediator.ts';
import { isReported, reconcileEverySecond, terminateAndWait } from '../../support/recovered.ts';
import { rowOf } from '../../support/queued-event.ts';
import { launchWorker, type WorkerProcess } from '../../support/rig/worker.ts';
import { requestReturn, sendBack, type Returning } from '../../support/returning.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';
import type { ReturnState } from '../../../contracts/mediators/returns.ts';

const isbn = '9780134685991';
const lines = [{ isbn, quantity: 1 }];
const others = ['order-placement', 'notification', 'inventory', 'order-fulfillment', 'warehouse', 'shipping'];
const day = 86_400_000;

let shop: Shop;
let payment: WorkerProcess;
let order: OrderOutcome;
beforeAll(async () => {
  shop = await openShop({ env: reconcileEverySecond }, [['order-mediator', 'returns-mediator', ...others]]);
  payment = await launchPayment();
});
afterAll(async () => {
  await payment.stop();
  await shop.close();
});
beforeEach(async () => {
  order = await shop.outcomeOf({ lines: [{ isbn, quantity: 2 }] });
});

const launchPayment = () => launchWorker(['payment'], shop.rig.env, shop.rig.folder);

const mailsAbout = async ({ requestId }: Returning) =>
  (await shop.rig.smtpSink.mails()).filter(({ subject }) => subject.includes(requestId));
const subjectsOf = async (returning: Returning) => (await mailsAbout(returning)).map(({ subject }) => subject);

/** The query may be ahead of the row. */
const isWritten = ({ requestId }: Returning, state: ReturnState, reminders = 0) => {
  const query = 'SELECT 1 FROM returns.return WHERE request_id = $1 AND state = $2 AND reminders = $3';
  return until(async () => (await shop.sql(query, [requestId, state, reminders])).length === 1, {
    within: 15_000,
    what: `a row that is ${state}`,
  });
};

const actionsOn = async ({ requestId }: Returning) =>
  (
    await shop.sql<{ action: string }>('SELECT action FROM returns.action WHERE request_id = $1 ORDER BY at', [
      requestId,
    ])
  ).map(({ action }) => action);

/** One refund, one restock, and the event complete. */
async function expectDoneOnce({ requestId, end }: Returning): Promise<void> {
  const { outcome, refunded } = await end();
  expect(outcome).toBe('completed');
  expect(shop.rig.cardGateway.refunds(order.orderId).map(({ amount }) => amount)).toEqual([refunded?.amount]);
  const told = (await shop.factsOf(order.orderId)).filter((name) => /refunded|restocked|return/.test(name));
  expect(told.toSorted()).toEqual(['inventory-restocked', 'payment-refunded', 'return-closed', 'return-opened']);
  const [row] = await shop.sql<{ id: string }>(
    'SELECT event_id AS id FROM mediator_store.initiating_event WHERE workflow_id = $1',
    [`return/${requestId}`],
  );
  expect(await rowOf(shop, row?.id ?? '')).toMatchObject({ state: 'complete', outcome: 'completed', has_body: false });
}

describe('a return whose workflow was terminated', () => {
  it('while it waits for the approval keeps its deadline and its policy, and reminds nobody again', async () => {
    const approval = { deadline: '20 days', reminders: ['1 second', '15 days'] } as const;
    const parcel = { deadline: '17 days', reminders: [] } as const;
    const returning = await requestReturn(shop, { order, lines, policy: { approval, parcel } });
    await isWritten(returning, 'awaiting-approval', 1);
    const { since, deadline, reminders } = await returning.progress();
    await terminateAndWait(shop, returning.workflowId);
    expect(await returning.is('awaiting-approval')).toMatchObject({ since, deadline, reminders });
    await returning.act('approve', {});
    const approved = await returning.progress();
    expect(Date.parse(approved.deadline ?? '') - Date.parse(approved.since)).toBe(17 * day);
    await returning.act('parcel-received', {});
    await returning.act('inspect', { lines: [{ isbn, accepted: 1, sellable: 1 }] });
    await expectDoneOnce(returning);
    expect(await subjectsOf(returning)).toEqual([
      expect.stringContaining('Reminder'),
      expect.stringContaining('Please send back'),
      expect.stringContaining('is done'),
    ]);
    await isReported(shop, ({ events }) => events.includes(returning.workflowId));
  });

  it('reminds nobody of what was due while it was gone, and is declined at its own deadline', async () => {
    const approval = { deadline: '16 days', reminders: ['14 days', '15 days'] } as const;
    const returning = await requestReturn(shop, { order, lines, policy: { approval } });
    await isWritten(returning, 'awaiting-approval');
    const earlier = `interval '16 days' - interval '4 seconds'`;
    await shop.sql(
      `UPDATE returns.return SET since = since - (${earlier}), deadline = deadline - (${earlier}) WHERE request_id = $1`,
      [returning.requestId],
    );
    await terminateAndWait(shop, returning.workflowId);
    expect((await returning.end()).outcome).toBe('declined');
    expect(await subjectsOf(returning)).toEqual([expect.stringContaining('is declined')]);
  });

  it('while its parcel is awaited is not approved a second time, and the mail about it is sent once', async () => {
    const returning = await requestReturn(shop, { order, lines });
    await returning.is('awaiting-approval');
    await returning.act('approve', {});
    await until(async () => (await mailsAbout(returning)).length === 1, { what: 'the mail about the approval' });
    const { since, deadline } = await returning.progress();
    await terminateAndWait(shop, returning.workflowId);
    expect(await returning.is('awaiting-parcel')).toMatchObject({ since, deadline });
    await returning.act('parcel-received', {});
    await returning.act('inspect', { lines: [{ isbn, accepted: 1, sellable: 1 }] });
    await expectDoneOnce(returning);
    expect(await actionsOn(returning)).toEqual(['approve', 'parcel-received', 'inspect']);
    expect(await subjectsOf(returning)).toEqual([
      expect.stringContaining('Please send back'),
      expect.stringContaining('is done'),
    ]);
  });

  it('while somebody has to look at the parcel waits for just that', async () => {
    const returning = await requestReturn(shop, { order, lines });
    await sendBack(returning);
    await terminateAndWait(shop, returning.workflowId);
    await returning.is('awaiting-inspection');
    await returning.act('inspect', { lines: [{ isbn, accepted: 1, sellable: 1 }] });
    await expectDoneOnce(returning);
  });

  it('after the inspection, with payment away, is refunded once when payment is back', async () => {
    const returning = await requestReturn(shop, { order, lines });
    await sendBack(returning);
    await payment.stop();
    await returning.act('inspect', { lines: [{ isbn, accepted: 1, sellable: 1 }] });
    await until(async () => (await shop.factsOf(order.orderId)).includes('inventory-restocked'), {
      what: 'the piece on the shelf',
    });
    await terminateAndWait(shop, returning.workflowId);
    await returning.is('refunding');
    payment = await launchPayment();
    await expectDoneOnce(returning);
    expect((await returning.progress()).inspected).toEqual([{ isbn, accepted: 1, sellable: 1 }]);
    expect(await subjectsOf(returning)).toEqual([
      expect.stringContaining('Please send back'),
      expect.stringContaining('is done'),
    ]);
  });

  it('in the midst of a refund gives the money back once', async () => {
    const returning = await requestReturn(shop, { order, lines });
    await sendBack(returning);
    const letGo = await shop.holdRows(`SELECT FROM payment.charge WHERE order_id = '${order.orderId}' FOR UPDATE`);
    await returning.act('inspect', { lines: [{ isbn, accepted: 1, sellable: 1 }] });
    await until(() => shop.rig.cardGateway.refunds(order.orderId).length === 1, { what: 'the refund at the gateway' });
    await terminateAndWait(shop, returning.workflowId);
    await letGo();
    await expectDoneOnce(returning);
  });

  it('when it was just declined ends so, with the reason that was given', async () => {
    const returning = await requestReturn(shop, { order, lines });
    await returning.is('awaiting-approval');
    const letGo = await shop.holdTables('order_placement.return_line');
    await returning.act('decline', { reason: 'It was a gift of ours.' });
    await terminateAndWait(shop, returning.workflowId);
    await letGo();
    expect((await returning.end()).outcome).toBe('declined');
    expect((await mailsAbout(returning)).map(({ text }) => text)).toEqual([
      expect.stringContaining('It was a gift of ours.'),
    ]);
  });

  it('when its parcel did not come meanwhile lapses', async () => {
    const parcel = { deadline: '3 seconds', reminders: ['1 second', '2 seconds'] } as const;
    const returning = await requestReturn(shop, { order, lines, policy: { parcel } });
    await returning.is('awaiting-approval');
    await returning.act('approve', {});
    await terminateAndWait(shop, returning.workflowId);
    expect((await returning.end()).outcome).toBe('lapsed');
    expect((await subjectsOf(returning)).at(-1)).toContain('has lapsed');
    const again = await requestReturn(shop, { order, lines: [{ isbn, quantity: 2 }] });
    await again.is('awaiting-approval');
  });
});
