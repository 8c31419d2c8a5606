import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeOrder } from '../../../app/place.ts';
import { loadOrderPolicy } from '../../../config/order-policy.ts';
import {
  isReported,
  reconcileEverySecond,
  reports,
  startedLongAgo,
  terminateAndWait,
} from '../../support/recovered.ts';
import { rowOf, startQueued, writeQueued } from '../../support/queued-event.ts';
import { anOrder, openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

const address = {
  name: 'Jo Berg',
  street: '2 Hill Road',
  city: 'Bergen',
  postcode: '5003',
  country: 'NO' as const,
};

describe('the reconciler, of queued events', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop({ env: reconcileEverySecond }, [['order-mediator', 'customer-mediator', 'processors']]);
  });
  afterAll(() => shop.close());

  const isComplete = (id: string) =>
    until(async () => (await rowOf(shop, id)).state === 'complete', { within: 60_000, what: `${id} to be complete` });
  const statusOf = async (workflowId: string) =>
    (await shop.client.workflow.getHandle(workflowId).describe()).status.name;

  it('carries a terminated order on as an order: its event is complete with it, and it is charged once', async () => {
    const order = anOrder();
    const letGo = await shop.holdTables('order_fulfillment.guard');
    const event = await startQueued(shop, 'place-order', order);
    await shop.allWaitFor('order_fulfillment.guard');
    await terminateAndWait(shop, event.workflowId);
    await letGo();
    await isComplete(event.id);
    expect(await event.row()).toMatchObject({ outcome: 'completed', has_body: false });
    const [flow] = await shop.sql<{ orderId: string }>(
      'SELECT order_id AS "orderId" FROM mediator_store.flow WHERE request_id = $1',
      [order.requestId],
    );
    expect(shop.rig.cardGateway.charges(flow?.orderId ?? '')).toHaveLength(1);
    await isReported(shop, ({ restarted }) => restarted.includes(flow?.orderId ?? ''));
    expect((await reports(shop)).flatMap(({ events }) => events)).not.toContain(event.workflowId);
  });

  it('starts an order that was lost before the mediator store knew of it', async () => {
    const { id, workflowId } = await writeQueued(shop, 'place-order', anOrder());
    await startedLongAgo(shop, workflowId);
    await isComplete(id);
    await isReported(shop, ({ events }) => events.includes(workflowId));
  });

  it('makes a repair case of an order that had joined a request of the client that was refused', async () => {
    const order = anOrder({ lines: [{ isbn: '9780000000002', quantity: 1 }] });
    const policy = loadOrderPolicy({});
    const placing = placeOrder({ client: shop.client, event: order, policy, deadlineMs: 30_000 });
    await expect(placing).rejects.toThrow('The catalogue does not have 9780000000002');
    const { id, workflowId } = await writeQueued(shop, 'place-order', order);
    expect(await statusOf(workflowId)).toBe('FAILED');
    await startedLongAgo(shop, workflowId);
    await until(async () => (await rowOf(shop, id)).state === 'dead-lettered', { within: 30_000, what: 'the case' });
  });

  it('rings again for one that was handled, when the mediator store came back from an older copy', async () => {
    const event = await startQueued(shop, 'address-changed', { customerId: 'c-3', address });
    const [kept] = await shop.sql<{ body: Buffer; headers: object; subject: string }>(
      'SELECT body, headers, subject FROM mediator_store.initiating_event WHERE event_id = $1',
      [event.id],
    );
    await event.end();
    await shop.sql(
      `UPDATE mediator_store.initiating_event SET state = 'started', outcome = NULL, completed_at = NULL, body = $2, headers = $3, subject = $4,
         started_at = now() - interval '5 minutes', rung_at = now() - interval '5 minutes' WHERE event_id = $1`,
      [event.id, kept?.body, kept?.headers, kept?.subject],
    );
    await isComplete(event.id);
    expect((await shop.factsOf('c-3')).filter((name) => name === 'customer-address-changed')).toHaveLength(1);
    await isReported(shop, ({ customers }) => customers.includes('c-3'));
  });

  it('leaves what it cannot start, says so, and carries on the others', async () => {
    const names = ['no-bytes', 'no-json', 'other-event'] as const;
    const lines = [{ isbn: '9780134685991', quantity: 1 }];
    const written = await Promise.all(
      names.map((id) => {
        const asked = { requestId: `ret-${id}`, orderId: 'ord-1', customerId: 'c-4', lines, reason: 'Torn.' };
        return writeQueued(shop, 'return-requested', asked, { id });
      }),
    );
    await shop.sql(`UPDATE mediator_store.initiating_event SET body = NULL WHERE event_id = 'no-bytes'`);
    await shop.sql(`UPDATE mediator_store.initiating_event SET body = 'nothing' WHERE event_id = 'no-json'`);
    await shop.sql(
      `UPDATE mediator_store.initiating_event SET workflow_id = 'return/another' WHERE event_id = 'other-event'`,
    );
    const workflowIds = ['return/ret-no-bytes', 'return/ret-no-json', 'return/another'];
    for (const workflowId of workflowIds) await startedLongAgo(shop, workflowId);
    const good = await writeQueued(shop, 'address-changed', { customerId: 'c-5', address });
    await startedLongAgo(shop, good.workflowId);
    await isComplete(good.id);
    await isReported(shop, (report) => workflowIds.every((workflowId) => report.stuck.includes(workflowId)));
    for (const { id } of written) expect(await rowOf(shop, id)).toMatchObject({ state: 'started' });
  });

  it.each(['NULL', `'nothing'`])('has a simple event handed over whose bytes became %s', async (bytes) => {
    const { id, workflowId } = await writeQueued(shop, 'address-changed', { customerId: 'c-8', address });
    await shop.sql(`UPDATE mediator_store.initiating_event SET body = ${bytes} WHERE event_id = $1`, [id]);
    await startedLongAgo(shop, workflowId);
    await until(async () => (await rowOf(shop, id)).state === 'dead-lettered', { within: 30_000, what: 'the case' });
    await shop.sql(`UPDATE mediator_store.initiating_event SET state = 'discarded' WHERE event_id = $1`, [id]);
  });

  it('leaves one alone that was started a moment ago, and one that runs', async () => {
    const young = await writeQueued(shop, 'address-changed', { customerId: 'c-6', address });
    await shop.sql(
      `UPDATE mediator_store.initiating_event SET state = 'started', started_at = now() WHERE event_id = $1`,
      [young.id],
    ); // nobody has rung for it
    const letGo = await shop.holdTables('order_placement.customer');
    const running = await startQueued(shop, 'address-changed', { customerId: 'c-7', address });
    await startedLongAgo(shop, running.workflowId);
    const before = (await reports(shop)).length;
    await until(async () => (await reports(shop)).length >= before + 2, { within: 30_000, what: 'two more rounds' });
    await letGo();
    await running.end();
    const told = (await reports(shop)).flatMap(({ events, stuck, customers }) => [...events, ...stuck, ...customers]);
    expect(told).not.toContain(young.workflowId);
    expect(told).not.toContain('c-6');
    expect(told).not.toContain(running.workflowId);
  });
});
