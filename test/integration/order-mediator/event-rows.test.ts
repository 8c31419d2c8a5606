import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeOrder } from '../../../app/place.ts';
import { loadOrderPolicy } from '../../../config/order-policy.ts';
import { repairWorkflowId } from '../../../contracts/ids.ts';
import { nobodyHelps } from '../../support/policies.ts';
import { rowOf, startQueued } from '../../support/queued-event.ts';
import { anOrder, openShop, type Shop } from '../../support/shop.ts';

describe('the row of the event that an order comes from', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.close());

  const place = (event: ReturnType<typeof anOrder>) =>
    placeOrder({ client: shop.client, event, policy: loadOrderPolicy({}), deadlineMs: 30_000 });
  const unknownTitle = { lines: [{ isbn: '9780000000002', quantity: 1 }] };

  it('is written for a request of the client, and completed with the order', async () => {
    const placed = await shop.place();
    await shop.end(placed);
    expect(await rowOf(shop, placed.requestId)).toEqual({
      state: 'complete',
      outcome: 'completed',
      mediator_class: 'hard',
      case_id: null,
      has_body: false,
    });
    const cancelled = await shop.place({ card: 'card_denied' }, nobodyHelps);
    await shop.end(cancelled);
    expect(await rowOf(shop, cancelled.requestId)).toMatchObject({ state: 'complete', outcome: 'cancelled' });
  });

  it('is not left behind by a request that was refused', async () => {
    const refused = anOrder(unknownTitle);
    await expect(place(refused)).rejects.toThrow('The catalogue does not have 9780000000002');
    await expect(rowOf(shop, refused.requestId)).rejects.toThrow('There is no event');
  });

  it('is completed for a queued order, and no second one is written', async () => {
    const order = anOrder();
    const event = await startQueued(shop, 'place-order', order);
    expect(await event.end()).toMatchObject({ outcome: 'completed' });
    expect(await event.row()).toMatchObject({ state: 'complete', outcome: 'completed', has_body: false });
    await expect(rowOf(shop, order.requestId)).rejects.toThrow('There is no event');
  });

  it('becomes erroneous with a case when the queued order is refused, and the corrected one takes its id', async () => {
    const order = anOrder(unknownTitle);
    const event = await startQueued(shop, 'place-order', order, { id: 'wrong' });
    expect(await event.end()).toBe('The catalogue does not have 9780000000002.');
    const { case_id: caseId, ...row } = await event.row();
    expect(row).toMatchObject({ state: 'dead-lettered', outcome: 'refused', has_body: true });
    expect(await shop.sql('SELECT reason, message, customer_id FROM repair.case WHERE case_id = $1', [caseId])).toEqual(
      [{ reason: 'refused', message: 'The catalogue does not have 9780000000002.', customer_id: 'c-1' }],
    );
    const repair = shop.client.workflow.getHandle(repairWorkflowId(caseId as string));
    expect((await repair.describe()).status.name).toBe('RUNNING');
    const corrected = { ...anOrder(), requestId: order.requestId };
    const again = await startQueued(shop, 'place-order', corrected, { id: 'wrong~1', caseId });
    expect(await again.end()).toMatchObject({ outcome: 'completed' });
    expect(await again.row()).toMatchObject({ state: 'complete' });
    expect(await event.row()).toMatchObject({ state: 'dead-lettered' });
  });

  it('of the same order asked for twice is given up with it: one case', async () => {
    const order = anOrder(unknownTitle);
    const letGo = await shop.holdTables('order_placement.title');
    const one = await startQueued(shop, 'place-order', order, { id: 'one' });
    await shop.allWaitFor('order_placement.title');
    await shop.sql(
      `INSERT INTO mediator_store.initiating_event (source, event_id, name, body_hash, workflow_id, state, stream_sequence)
       SELECT source, 'two', name, body_hash, workflow_id, 'started', stream_sequence + 1 FROM mediator_store.initiating_event WHERE event_id = 'one'`,
    );
    await letGo();
    await one.end();
    expect(await one.row()).toMatchObject({ state: 'dead-lettered' });
    expect(await rowOf(shop, 'two')).toMatchObject({ state: 'discarded', outcome: 'double', case_id: null });
  });
});
