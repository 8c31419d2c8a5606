import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrderRecords } from '../../../activities/mediator-store/order-records.ts';
import { loadOrderPolicy } from '../../../config/order-policy.ts';
import type { HoldReason } from '../../../contracts/mediators/holds.ts';
import type {
  OrderRecords,
  OpenHold,
  ReceiveOrder,
  RecordAction,
  StoredOrder,
} from '../../../contracts/mediators/order-records.ts';
import { actionsOf, addressOf } from '../../../app/reads/order-details.ts';
import { findOrder, heldOrders, listOrders } from '../../../app/reads/orders.ts';
import { unfinishedOrders, type UnfinishedOrder } from '../../../activities/mediator-store/unfinished-orders.ts';
import { address, atOnce, isbns, openWorkbench, type Workbench } from '../processors/workbench.ts';

let bench: Workbench;
let records: OrderRecords;
beforeAll(async () => {
  bench = await openWorkbench();
  records = createOrderRecords(bench.database);
});
afterAll(() => bench.close());

interface Received {
  readonly entry: ReceiveOrder;
  /** What every later entry names. */
  readonly about: { readonly requestId: string; readonly orderId: string };
}

async function receive(): Promise<Received> {
  const requestId = randomUUID();
  const lines = [{ isbn: isbns.plenty, quantity: 1 }];
  const entry: ReceiveOrder = {
    event: { requestId, customerId: 'c-1', card: 'card_denied', currency: 'EUR', lines, shipTo: address() },
    bodyHash: 'hash-1',
    mediatorClass: 'hard',
    workflowId: `order/${requestId}`,
    policy: loadOrderPolicy({}),
  };
  const { orderId } = await records.receiveOrder(entry);
  return { entry, about: { requestId, orderId } };
}

const aHold = (orderId: string, reason: HoldReason, since = '2026-11-23T04:00:00.000Z'): OpenHold => ({
  holdId: `${orderId}/${reason}/1@${since}`,
  reason,
  step: 2,
  command: reason === 'stock' ? 'adjust-inventory' : 'apply-payment',
  message: 'It cannot be done.',
  help: 'Put it right.',
  since,
  deadline: reason === 'compensation' ? null : '2026-11-30T04:00:00.000Z',
});

const anAction = ({ about }: Received, changes: Partial<RecordAction> = {}): RecordAction => ({
  ...about,
  actionId: 'update-1',
  action: 'pay',
  actor: null,
  details: {},
  ...changes,
});

const stateOf = async ({ about }: Received) => (await findOrder(bench.database, about.orderId))?.state;
const factBodies = (orderId: string) =>
  bench.sql<{ name: string; body: unknown }>('SELECT name, body FROM outbox.fact WHERE key = $1 ORDER BY sequence', [
    orderId,
  ]);

const ids = (orders: readonly { orderId: string }[]) => orders.map(({ orderId }) => orderId);

async function held(...reasons: readonly HoldReason[]) {
  const received = await receive();
  const holds = reasons.map((reason, index) =>
    aHold(received.about.orderId, reason, `2026-11-23T04:00:0${index}.000Z`),
  );
  await Promise.all(holds.map((hold) => records.holdOrder({ ...received.about, hold, rounds: {} })));
  return { ...received, holds };
}

describe('an order that is held', () => {
  it('shows what it waits for until it goes on, and tells both once', async () => {
    const received = await receive();
    const { orderId } = received.about;
    const hold = aHold(orderId, 'payment');
    await atOnce(20, () => records.holdOrder({ ...received.about, hold, rounds: { 'apply-payment': 2 } }));
    expect(await findOrder(bench.database, orderId)).toMatchObject({ state: 'held', holds: [hold] });
    const resume = { ...received.about, hold, by: 'pay', rounds: { 'apply-payment': 3 } } as const;
    await atOnce(20, () => records.resumeOrder(resume));
    await records.holdOrder({ ...received.about, hold, rounds: { 'apply-payment': 2 } });
    expect(await findOrder(bench.database, orderId)).toMatchObject({ state: 'open', holds: [] });
    const { reason, step, command, deadline } = hold;
    expect(await factBodies(orderId)).toEqual([
      { name: 'order-held', body: { orderId, reason, step, command, deadline } },
      { name: 'order-resumed', body: { orderId, reason, step, command, by: 'pay' } },
    ]);
    expect((await records.receiveOrder(received.entry)).recovered?.rounds).toEqual({ 'apply-payment': 3 });
  });

  it('stays held until the last of its holds has ended', async () => {
    const order = await held('payment', 'stock');
    const [payment, stock] = order.holds as [OpenHold, OpenHold];
    expect(await findOrder(bench.database, order.about.orderId)).toMatchObject({ holds: [payment, stock] });
    await records.resumeOrder({ ...order.about, hold: payment, by: 'pay', rounds: {} });
    expect(await stateOf(order)).toBe('held');
    await records.resumeOrder({ ...order.about, hold: stock, by: 'delivery', rounds: {} });
    expect(await stateOf(order)).toBe('open');
  });

  it('is open when both of its holds end in the same moment', async () => {
    const order = await held('payment', 'stock');
    const letGo = await bench.holdFactsOf(order.about.orderId);
    const resuming = order.holds.map((hold) => records.resumeOrder({ ...order.about, hold, by: 'amend', rounds: {} }));
    await bench.waiting(2);
    await letGo();
    await Promise.all(resuming);
    expect(await findOrder(bench.database, order.about.orderId)).toMatchObject({ state: 'open', holds: [] });
  });

  it('is found by why it is held, those that wait longest first', async () => {
    const later = await held('payment');
    const earlier = await receive();
    const hold = aHold(earlier.about.orderId, 'payment', '2026-11-22T04:00:00.000Z');
    await records.holdOrder({ ...earlier.about, hold, rounds: {} });
    const inStock = await held('stock');
    const waiting = ids(await heldOrders(bench.database, { limit: 100, reason: 'payment' }));
    expect(waiting.indexOf(earlier.about.orderId)).toBe(0);
    expect(waiting).toContain(later.about.orderId);
    expect(waiting).not.toContain(inStock.about.orderId);
    expect(ids(await heldOrders(bench.database, { limit: 100 }))).toContain(inStock.about.orderId);
    expect(ids(await heldOrders(bench.database, { limit: 1 }))).toEqual([earlier.about.orderId]);
    expect(ids(await listOrders(bench.database, { limit: 100, state: 'held' }))).toContain(later.about.orderId);
  });
});

describe('an order that is being undone', () => {
  it('waits for nothing any more, and keeps the first reason', async () => {
    const order = await held('payment', 'stock');
    await records.compensateOrder({ ...order.about, reason: 'It was not paid in time.' });
    await records.compensateOrder({ ...order.about, reason: 'Another reason.' });
    await records.holdOrder({ ...order.about, hold: aHold(order.about.orderId, 'fault'), rounds: {} });
    expect(await findOrder(bench.database, order.about.orderId)).toMatchObject({
      state: 'compensating',
      reason: 'It was not paid in time.',
      holds: [],
    });
    const ended = 'SELECT ended_by FROM mediator_store.hold WHERE order_id = $1';
    expect(await bench.sql(ended, [order.about.orderId])).toEqual([{ ended_by: 'undone' }, { ended_by: 'undone' }]);
  });

  it('shows a compensation that keeps failing until the compensation is done, and tells of both', async () => {
    const order = await receive();
    const { orderId } = order.about;
    await records.compensateOrder({ ...order.about, reason: 'No more.' });
    const hold = aHold(orderId, 'compensation');
    await records.holdOrder({ ...order.about, hold, rounds: {} });
    await records.compensateOrder({ ...order.about, reason: 'Asked again.' });
    expect(await findOrder(bench.database, orderId)).toMatchObject({ state: 'compensating', holds: [hold] });
    await records.resumeOrder({ ...order.about, hold, by: 'retry', rounds: {} });
    expect(await findOrder(bench.database, orderId)).toMatchObject({ state: 'compensating', holds: [] });
    expect(await bench.factsOf(orderId)).toEqual(['order-held', 'order-resumed']);
  });
});

describe('what people do to an order', () => {
  it('is kept once, with who did it', async () => {
    const order = await held('payment');
    const retry = anAction(order, { action: 'retry', actor: 'Kim' });
    const answers = await atOnce(20, () => records.recordAction(retry));
    expect(answers.filter(({ first }) => first)).toHaveLength(1);
    expect(await actionsOf(bench.database, order.about.orderId)).toEqual([
      { actionId: 'update-1', action: 'retry', actor: 'Kim', details: {}, at: expect.stringMatching(/Z$/) as string },
    ]);
  });

  it('changes what a restart goes on with, and nothing the second time', async () => {
    const order = await held('payment');
    const { event } = order.entry;
    const shipTo = { ...event.shipTo, city: 'Bremen' };
    const amended = { event: { ...event, shipTo, card: 'card_ok' }, amendments: 1, rounds: { 'amend-order': 1 } };
    const { requestId, orderId } = order.about;
    const amendment = { actor: null, shipTo };
    await records.noteAmendment({ requestId, orderId, amendment, rounds: {} });
    expect((await records.receiveOrder(order.entry)).recovered?.amendment).toEqual(amendment);
    await records.recordAction(anAction(order, { action: 'amend', ...amended }));
    await records.recordAction(anAction(order, { event, amendments: 0 }));
    await records.recordAction(anAction(order, { actionId: 'update-2', action: 'retry', actor: 'Kim' }));
    expect((await records.receiveOrder(order.entry)).recovered).toEqual({
      event: amended.event,
      amendments: 1,
      rounds: amended.rounds,
      holds: order.holds,
      compensating: null,
      policy: order.entry.policy ?? null,
      amendment: null,
      approved: null,
    } satisfies StoredOrder['recovered']);
    expect(await addressOf(bench.database, order.about.orderId)).toEqual(shipTo);
  });

  it('says up to which total an order was approved, and of what class it is since it waited for that', async () => {
    const order = await held('approval');
    for (const [index, amount] of [9000, 12_000].entries()) {
      const details = { total: { amount, currency: 'EUR' } };
      await records.recordAction(
        anAction(order, { actionId: `update-${index}`, action: 'approve', actor: 'Kim', details }),
      );
    }
    expect((await records.receiveOrder(order.entry)).recovered?.approved).toBe(12_000);
    const found = (await allUnfinished()).find(({ orderId }) => orderId === order.about.orderId);
    expect(found?.start.mediatorClass).toBe('complex');
    const [row] = await bench.sql('SELECT mediator_class FROM mediator_store.initiating_event WHERE event_id = $1', [
      order.about.requestId,
    ]);
    expect(row).toEqual({ mediator_class: 'complex' });
  });

  it('decides to undo the order when it was cancelled, which ends its holds', async () => {
    const order = await held('payment');
    await records.recordAction(anAction(order, { action: 'cancel', compensating: 'Cancelled by the customer.' }));
    await records.recordAction(anAction(order, { action: 'cancel', actionId: 'update-2', compensating: 'Again.' }));
    const { recovered } = await records.receiveOrder(order.entry);
    expect(recovered).toMatchObject({ compensating: 'Cancelled by the customer.', holds: [] });
    expect(await stateOf(order)).toBe('compensating');
  });

  it('brings nothing back that was forgotten when the order ended', async () => {
    const order = await held('payment');
    const { about, entry } = order;
    await records.finishOrder({ ...about, outcome: 'cancelled', reason: 'No more.', total: null, steps: [] });
    const late = anAction(order, { event: entry.event, rounds: { 'apply-payment': 9 }, compensating: 'Late.' });
    expect(await records.recordAction(late)).toEqual({ first: true });
    await records.holdOrder({ ...about, hold: aHold(about.orderId, 'stock'), rounds: {} });
    const [row] = await bench.sql('SELECT * FROM mediator_store.flow WHERE order_id = $1', [about.orderId]);
    const forgotten = { working: null, policy: null, rounds: {}, open_holds: [] };
    expect(row).toMatchObject({ ...forgotten, state: 'cancelled', reason: 'No more.' });
    expect(await bench.sql('SELECT ended_by FROM mediator_store.hold WHERE order_id = $1', [about.orderId])).toEqual([
      { ended_by: 'undone' },
    ]);
  });

  it('is not kept for an order the mediator store does not know', async () => {
    const unknown = { ...(await receive()), about: { requestId: 'req-none', orderId: 'ord-none' } };
    await expect(records.recordAction(anAction(unknown))).rejects.toThrow('no order ord-none');
  });
});

async function allUnfinished(): Promise<UnfinishedOrder[]> {
  const found: UnfinishedOrder[] = [];
  for await (const page of unfinishedOrders(bench.database)) found.push(...page);
  return found;
}

describe('orders that have not ended', () => {
  it('are found with what their workflow is started with', async () => {
    const order = await held('payment');
    const event = { ...order.entry.event, card: 'card_ok' };
    await records.recordAction(anAction(order, { event }));
    const found = (await allUnfinished()).find(({ orderId }) => orderId === order.about.orderId);
    const { bodyHash, mediatorClass, policy, workflowId } = order.entry;
    expect(found).toMatchObject({ ...order.about, workflowId, customerId: 'c-1', compensating: false });
    const origin = { via: 'client', source: 'client', id: order.about.requestId };
    expect(found?.start).toEqual({ event, bodyHash, mediatorClass, policy, origin });
  });

  it('are found each once and oldest first, also when they are many; those that have ended are not', async () => {
    const ended = await receive();
    await records.finishOrder({ ...ended.about, outcome: 'cancelled', reason: null, total: null, steps: [] });
    const { event, policy } = (await receive()).entry;
    const many = `INSERT INTO mediator_store.flow (request_id, workflow_id, event_name, mediator_class, body_hash, customer_id, order_id, working, policy, received_at)
      SELECT 'many-' || n, 'order/many-' || n, 'place-order', 'hard', 'h', 'c-1', 'ord-many-' || n, $1::jsonb, $2::jsonb,
        '2026-01-01'::timestamptz + n / 3 * interval '1 microsecond' FROM generate_series(1, 1200) AS n`;
    await bench.sql(many, [JSON.stringify(event), JSON.stringify(policy)]);
    const all = (await allUnfinished()).map(({ orderId }) => orderId);
    expect(all).not.toContain(ended.about.orderId);
    const found = all.filter((id) => id.startsWith('ord-many-'));
    expect(new Set(found).size).toBe(1200);
    expect(found).toHaveLength(1200);
    expect(found[0]).toMatch(/^ord-many-[12]$/);
  });
});
