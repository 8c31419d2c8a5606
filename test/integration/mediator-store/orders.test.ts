import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrderRecords } from '../../../activities/mediator-store/order-records.ts';
import type { FinishOrder, OrderRecords, ReceiveOrder } from '../../../contracts/mediators/order-records.ts';
import { findOrder, listOrders } from '../../../app/reads/orders.ts';
import { address, atOnce, expectRefusal, isbns, openWorkbench, type Workbench } from '../processors/workbench.ts';
import { policyOf } from '../../support/policies.ts';

let bench: Workbench;
let records: OrderRecords;
beforeAll(async () => {
  bench = await openWorkbench();
  records = createOrderRecords(bench.database);
});
afterAll(() => bench.close());

const entry = (changes: Partial<ReceiveOrder> = {}): ReceiveOrder => {
  const requestId = randomUUID();
  return {
    event: {
      requestId,
      customerId: 'c-1',
      card: 'card_ok',
      currency: 'EUR',
      lines: [{ isbn: isbns.plenty, quantity: 1 }],
      shipTo: address(),
    },
    bodyHash: 'hash-1',
    mediatorClass: 'hard',
    policy: policyOf(),
    workflowId: `order/${requestId}`,
    ...changes,
  };
};
const finish = ({ event }: ReceiveOrder, orderId: string, changes: Partial<FinishOrder> = {}): FinishOrder => ({
  requestId: event.requestId,
  orderId,
  outcome: 'completed',
  reason: null,
  total: { amount: 5080, currency: 'EUR' },
  steps: [],
  ...changes,
});

describe('the mediator store of the mediators', () => {
  it('mints one order id for a request, also 50 times at once', async () => {
    const received = entry();
    const standings = await atOnce(50, () => records.receiveOrder(received));
    expect(standings[0]?.orderId).toMatch(/^ord-[0-9a-f]{20}$/);
    for (const standing of standings)
      expect(standing).toMatchObject({ orderId: standings[0]?.orderId, finished: null });
    expect(standings.filter(({ recovered }) => recovered === null)).toHaveLength(1);
  });

  it('refuses another body under the same request id, and says nothing of the order that has it', async () => {
    const received = entry();
    await records.receiveOrder(received);
    const { requestId } = received.event;
    await expectRefusal(records.receiveOrder({ ...received, bodyHash: 'hash-2' }), 'RequestIdTaken', { requestId });
  });

  it('lets a withdrawn request come again with another body', async () => {
    const received = entry();
    const { orderId } = await records.receiveOrder(received);
    await records.withdrawOrder({ requestId: received.event.requestId });
    expect(await findOrder(bench.database, orderId)).toBeNull();
    expect((await records.receiveOrder({ ...received, bodyHash: 'hash-2' })).orderId).not.toBe(orderId);
  });

  it('tells completion once, remembers the outcome, and forgets card and body', async () => {
    const received = entry();
    const { orderId } = await records.receiveOrder(received);
    const [before] = await bench.sql('SELECT working FROM mediator_store.flow WHERE order_id = $1', [orderId]);
    expect(JSON.stringify(before)).toContain('card_ok');
    await atOnce(20, () => records.finishOrder(finish(received, orderId)));
    const [after] = await bench.sql('SELECT * FROM mediator_store.flow WHERE order_id = $1', [orderId]);
    expect(JSON.stringify(after)).not.toContain('card_ok');
    expect(after).toMatchObject({ working: null, body_hash: 'hash-1', mediator_class: 'hard' });
    expect(await records.receiveOrder(received)).toMatchObject({
      orderId,
      finished: { outcome: 'completed', reason: null },
      recovered: null,
    });
    expect(await bench.factsOf(orderId)).toEqual(['order-completed']);
  });

  it('does not withdraw a finished order', async () => {
    const received = entry();
    const { orderId } = await records.receiveOrder(received);
    await records.finishOrder(finish(received, orderId));
    await records.withdrawOrder({ requestId: received.event.requestId });
    expect(await findOrder(bench.database, orderId)).not.toBeNull();
  });

  it('tells no completion of a cancelled order, and keeps why', async () => {
    const received = entry();
    const { orderId } = await records.receiveOrder(received);
    await records.finishOrder(finish(received, orderId, { outcome: 'cancelled', reason: 'Out of stock.' }));
    expect(await bench.factsOf(orderId)).toEqual([]);
    expect(await findOrder(bench.database, orderId)).toMatchObject({
      orderId,
      state: 'cancelled',
      reason: 'Out of stock.',
      total: { amount: 5080, currency: 'EUR' },
      steps: [],
      finishedAt: expect.stringMatching(/Z$/) as string,
    });
  });

  it('ends an order that was undone before it had its price', async () => {
    const received = entry();
    const { orderId } = await records.receiveOrder(received);
    await records.finishOrder(finish(received, orderId, { outcome: 'cancelled', reason: 'No more.', total: null }));
    expect(await findOrder(bench.database, orderId)).toMatchObject({ state: 'cancelled', total: null });
  });

  it('does not finish an order it does not know', async () => {
    await expect(records.finishOrder(finish(entry(), 'ord-none'))).rejects.toThrow('no order ord-none');
  });

  it('lists orders, newest first, by state', async () => {
    const open = entry();
    const { orderId } = await records.receiveOrder(open);
    const [newest] = await listOrders(bench.database, { limit: 1 });
    expect(newest).toMatchObject({ orderId, state: 'open', total: null, steps: null, finishedAt: null });
    const cancelled = await listOrders(bench.database, { limit: 100, state: 'cancelled' });
    expect(cancelled.length).toBeGreaterThan(0);
    for (const order of cancelled) expect(order.state).toBe('cancelled');
  });
});
