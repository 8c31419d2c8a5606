import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bulk, bulkStart, type BulkProgress, type StartBulk } from '../../../contracts/mediators/bulk.ts';
import { bulkWorkflowId } from '../../../contracts/ids.ts';
import type { BulkList, BulkPreview, BulkReport } from '../../../dashboard/server/api/orders.ts';
import type { PlacedOrder } from '../../../app/place.ts';
import { heldFor } from '../../support/acting.ts';
import { lookAtDesk, type DeskVisitor } from '../../support/desk-visitor.ts';
import type { WorkerProcess } from '../../support/rig/worker.ts';
import { replayEverything } from '../../support/replay-everything.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

let shop: Shop;
let desk: DeskVisitor;
let worker: WorkerProcess;
const begun = new Set<string>();

beforeAll(async () => {
  shop = await openShop({}, [['order-mediator', 'processors', 'relay']]);
  worker = await shop.rig.launchWorker('bulk');
  desk = await lookAtDesk(shop.rig);
});
afterAll(async () => {
  if (shop) await replayEverything(shop.client, begun);
  await shop?.close();
});

const patience = { within: 60_000 };

const report = (id: string) => desk.get<BulkReport>(`/api/bulk/${id}`);
const reportIn = (id: string, state: BulkReport['state']) =>
  until(async () => {
    const now = await report(id).catch(() => undefined);
    return now?.state === state && now;
  }, patience);

async function placeHeld(count: number): Promise<readonly PlacedOrder[]> {
  const placed = await Promise.all(Array.from({ length: count }, () => shop.place({ card: 'card_denied' })));
  await Promise.all(placed.map((one) => heldFor(shop, one, 'payment')));
  return placed;
}

const idsOf = (orders: readonly PlacedOrder[]) => orders.map(({ orderId }) => orderId);

async function begin(asked: object, name: string): Promise<BulkProgress> {
  const { id, count } = await desk.post<BulkPreview>('/api/bulk/preview', asked);
  begun.add(bulkWorkflowId(id));
  return desk.post<BulkProgress>(`/api/bulk/${id}/run`, { count, name });
}

const cancelsOf = (orders: readonly PlacedOrder[]) =>
  shop.sql<{ orderId: string; actionId: string; actor: string }>(
    `SELECT order_id AS "orderId", split_part(action_id, '#', 1) AS "actionId", actor FROM mediator_store.action
      WHERE action = 'cancel' AND order_id = ANY ($1) ORDER BY order_id`,
    [idsOf(orders)],
  );

/** Keeps the row of an order, so that its mediator cannot write down what was done to it. */
const keepRow = ({ orderId }: PlacedOrder) =>
  shop.holdRows(`SELECT FROM mediator_store.flow WHERE order_id = '${orderId}' FOR UPDATE`);

/** A bulk action on 50 orders that there are not, and its history. */
async function runOnNone(id: string) {
  const orders = Array.from({ length: 50 }, (_, n) => ({
    orderId: `ord-${id}-${n}`,
    before: { state: 'held', holdReason: 'fault' } as const,
  }));
  const start: StartBulk = { id, name: id, actor: 'Ada', action: 'retry', content: {}, orders };
  const handle = await shop.client.workflow.start(bulk.workflowType, bulkStart(start));
  expect(await handle.result()).toMatchObject({ state: 'done', refused: 50 });
  return handle.fetchHistory();
}

describe('a bulk action', () => {
  it('is paused, outlives its worker and the desk, is resumed, and acts on each order once', async () => {
    const orders = await placeHeld(7);
    const letGo = await Promise.all(orders.slice(0, 4).map(keepRow));
    const { id } = await begin({ action: 'cancel', reason: 'Nobody answers', orderIds: idsOf(orders) }, 'Monday');
    await until(async () => (await shop.client.workflow.getHandle(bulkWorkflowId(id)).describe()).historyLength > 5);
    expect(await desk.post<BulkProgress>(`/api/bulk/${id}/pause`, {})).toMatchObject({
      state: 'paused',
      control: { name: 'pause', actor: 'Ada' },
    });
    expect((await desk.answer(`/api/bulk/${id}/pause`, {})).status).toBe(409);
    for (const release of letGo) await release();
    await until(async () => (await report(id)).done === 4, patience);

    await worker.kill();
    await desk.restart();
    await desk.begin();
    worker = await shop.rig.launchWorker('bulk');
    const { bulk: listed } = await desk.get<BulkList>('/api/bulk');
    expect(listed).toMatchObject([{ id, name: 'Monday', actor: 'Ada', action: 'cancel', state: 'paused', count: 7 }]);
    expect(await reportIn(id, 'paused')).toMatchObject({ done: 4, taken: 4, name: 'Monday' });
    expect((await cancelsOf(orders)).length).toBe(4);

    await desk.post('/api/session/actor', { actor: 'Ruth' });
    await desk.post(`/api/bulk/${id}/resume`, {});
    await Promise.all(orders.map((one) => shop.end(one)));
    const whole = await reportIn(id, 'done');
    expect(whole).toMatchObject({
      count: 7,
      done: 7,
      taken: 7,
      changed: 7,
      control: { name: 'resume', actor: 'Ruth' },
    });
    expect(whole.orders.map(({ orderId }) => orderId)).toEqual(idsOf(orders));
    for (const one of whole.orders) {
      expect(one).toMatchObject({ before: { state: 'held', holdReason: 'payment' }, after: { state: 'cancelled' } });
    }
    expect(await cancelsOf(orders)).toEqual(
      idsOf(orders)
        .toSorted()
        .map((orderId) => ({ orderId, actionId: `bulk/${id}/${orderId}`, actor: 'Ada' })),
    );
    expect((await desk.answer(`/api/bulk/${id}/stop`, {})).status).toBe(404);
  });

  it('that is stopped leaves the rest alone', async () => {
    const orders = await placeHeld(6);
    const letGo = await Promise.all(orders.slice(0, 4).map(keepRow));
    const { id } = await begin({ action: 'cancel', reason: 'Nobody answers', orderIds: idsOf(orders) }, 'Tuesday');
    await until(async () => (await shop.client.workflow.getHandle(bulkWorkflowId(id)).describe()).historyLength > 5);
    await desk.post(`/api/bulk/${id}/stop`, {});
    for (const release of letGo) await release();
    const stopped = await reportIn(id, 'stopped');
    expect(stopped).toMatchObject({ count: 6, done: 4, taken: 4 });
    expect(stopped.orders.slice(4)).toMatchObject([{ answer: 'waiting' }, { answer: 'waiting' }]);
    await Promise.all(orders.slice(0, 4).map((one) => shop.end(one)));
    for (const one of orders.slice(4)) expect((await shop.progress(one)).state).toBe('held');
  });

  it('keeps the pace of all bulk actions together, and asks a few orders at a time', async () => {
    const began = performance.now();
    const histories = await Promise.all([runOnNone('one'), runOnNone('two')]);
    // 100 orders at 20 a second; Temporal lets as many as one second's go at once.
    expect(performance.now() - began).toBeGreaterThan(3_500);
    for (const { events } of histories) {
      let most = 0;
      let underWay = 0;
      for (const event of events ?? []) {
        if (event.activityTaskScheduledEventAttributes) most = Math.max(most, ++underWay);
        if (event.activityTaskCompletedEventAttributes) underWay -= 1;
      }
      expect(most).toBe(4);
    }
  });
});
