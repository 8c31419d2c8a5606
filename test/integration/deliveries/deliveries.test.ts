import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { actOnCase, keptCase } from '../../../app/act-on-case.ts';
import { listCases } from '../../../app/reads/cases.ts';
import type { Broker } from '../../../broker-bridge/nats/broker.ts';
import { connectBroker } from '../../../broker-bridge/nats/connect.ts';
import { ensureDeliveryStream } from '../../../broker-bridge/nats/our-streams.ts';
import { deliverySubject, supplierDeliveries } from '../../../contracts/outside/supplier-deliveries.ts';
import type { RepairCase } from '../../../contracts/views.ts';
import { openDatabase, type Database } from '../../../prisma/database.ts';
import { deliveryEvent } from '../../../stack/supplier/telling.ts';
import type { WorkerProcess } from '../../support/rig/worker.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { silentLog } from '../../support/silent-log.ts';
import { until } from '../../support/until.ts';

let shop: Shop;
let broker: Broker;
let database: Database;
let taking: WorkerProcess;

beforeAll(async () => {
  // Asked over HTTP, it has delivered nothing: what is booked here was told by an event.
  shop = await openShop({ supplier: { deliverySeconds: 3600, mode: 'whole' } }, [
    ['order-mediator', 'inventory', 'warehouse', 'workflow-processor'],
  ]);
  broker = await connectBroker({ url: shop.rig.nats.url, name: 'test', log: silentLog });
  shop.rig.onClose(() => broker.close());
  database = openDatabase(shop.rig.databaseUrl, { poolSize: 2 });
  shop.rig.onClose(() => database.close());
  await ensureDeliveryStream(broker);
  taking = await shop.rig.launchWorker('deliveries');
});

afterAll(() => shop?.close());

const isbn = '9780134685991';

async function ordered(quantity: number): Promise<string> {
  const purchaseOrderId = `po-${randomUUID()}`;
  await shop.sql(
    `INSERT INTO warehouse.purchase_order (purchase_order_id, request_id, order_id, isbn, quantity, state, for_waiting)
     VALUES ($1, $1, 'ord-1', $2, $3, 'placed', true)`,
    [purchaseOrderId, isbn, quantity],
  );
  return purchaseOrderId;
}

const at = '2026-11-23T10:00:00Z';

/** A delivery as the supplier tells it; a message id of its own, because NATS drops one that comes twice. */
const deliver = (purchaseOrderId: string, number: number, quantity: number, body?: string) => {
  const event = deliveryEvent({ purchaseOrderId, deliveryId: `${purchaseOrderId}-${number}`, quantity }, at);
  const data = body === undefined ? event.data : new TextEncoder().encode(body);
  return broker.publish({ ...event, id: randomUUID(), data });
};

const booked = async (purchaseOrderId: string) =>
  (
    await shop.sql<{ quantity: number }>(
      'SELECT quantity FROM inventory.booked_delivery WHERE purchase_order_id = $1 ORDER BY request_id',
      [purchaseOrderId],
    )
  ).map(({ quantity }) => quantity);

const stateOf = async (purchaseOrderId: string) =>
  (
    await shop.sql<{ state: string }>('SELECT state FROM warehouse.purchase_order WHERE purchase_order_id = $1', [
      purchaseOrderId,
    ])
  )[0]?.state;

const isClosed = (purchaseOrderId: string) =>
  until(async () => (await stateOf(purchaseOrderId)) === 'closed', {
    within: 30_000,
    what: `${purchaseOrderId} closed`,
  });

const isEmpty = () =>
  until(async () => (await broker.streamInfo(supplierDeliveries.stream))?.messages === 0, {
    within: 30_000,
    what: 'every delivery to be taken',
  });

const onHand = async () =>
  (await shop.sql<{ on: number }>('SELECT on_hand AS on FROM inventory.stock WHERE isbn = $1', [isbn]))[0]?.on ?? NaN;

/** The quantities that the replenishment of a purchase order was told of, as its history has them. */
async function toldTo(purchaseOrderId: string): Promise<readonly number[]> {
  const flow = shop.client.workflow.getHandle(`replenishment/${purchaseOrderId}`);
  const { events } = await flow.fetchHistory().catch(() => ({ events: [] })); // before its start there is none
  const payloads = (events ?? []).flatMap(
    (event) => event.workflowExecutionSignaledEventAttributes?.input?.payloads ?? [],
  );
  return payloads.map(({ data }) => (JSON.parse(Buffer.from(data ?? []).toString()) as { quantity: number }).quantity);
}

const casesOf = async (words: string): Promise<readonly RepairCase[]> =>
  (await listCases(database, { limit: 100 })).filter(({ message, subject }) => `${message} ${subject}`.includes(words));

const caseOf = (words: string, state = 'waiting') =>
  until(async () => (await casesOf(words)).find((one) => one.state === state), {
    within: 30_000,
    what: `a case about ${words} that is ${state}`,
  });

const act = (caseId: string, body: object) =>
  actOnCase({
    sources: { database, client: shop.client },
    caseId,
    name: 'resubmit',
    action: { body: JSON.stringify(body), actor: 'Robin' },
    deadlineMs: 20_000,
  });

test('deliveries that come twice and out of order are booked once each, and close the purchase order when all is there', async () => {
  const before = await onHand();
  const purchaseOrderId = await ordered(10);
  await deliver(purchaseOrderId, 2, 4);
  await deliver(purchaseOrderId, 2, 4);
  await deliver(purchaseOrderId, 1, 6);
  await deliver(purchaseOrderId, 2, 4);
  await isClosed(purchaseOrderId);
  await isEmpty();
  expect(await booked(purchaseOrderId)).toEqual([6, 4]);
  expect(await onHand()).toBe(before + 10);
});

test('one that comes again after the end is passed over, and another one is booked as well', async () => {
  const purchaseOrderId = await ordered(5);
  await deliver(purchaseOrderId, 1, 5);
  await isClosed(purchaseOrderId);
  const flow = shop.client.workflow.getHandle(`replenishment/${purchaseOrderId}`);
  await flow.result();
  const { runId } = await flow.describe();
  await deliver(purchaseOrderId, 1, 5);
  await isEmpty();
  expect((await flow.describe()).runId).toBe(runId);
  await deliver(purchaseOrderId, 2, 3);
  await until(async () => (await booked(purchaseOrderId)).length === 2, { within: 30_000, what: 'both' });
  expect(await booked(purchaseOrderId)).toEqual([5, 3]);
});

test('what waits while nobody takes deliveries, or is killed in between, is booked once afterwards', async () => {
  const purchaseOrders = await Promise.all([1, 2, 3, 4].map(ordered));
  const letGo = await shop.holdTables('inventory.booked_delivery');
  for (const [index, one] of purchaseOrders.entries()) await deliver(one, 1, index + 1);
  await shop.allWaitFor('inventory.booked_delivery');
  await taking.kill();
  const late = await ordered(7);
  await deliver(late, 1, 7);
  await letGo();
  expect((await broker.streamInfo(supplierDeliveries.stream))?.messages).toBeGreaterThan(0);
  taking = await shop.rig.launchWorker('deliveries');
  for (const one of [...purchaseOrders, late]) await isClosed(one);
  await isEmpty();
  expect(await Promise.all([...purchaseOrders, late].map(booked))).toEqual([[1], [2], [3], [4], [7]]);
});

test('one that cannot be used is a case, holds up no other, and is booked when a person has put it right', async () => {
  const [good, first] = [await ordered(2), await ordered(3)];
  await deliver('po-unheard-of', 1, 3);
  await deliver(first, 1, 3, '{ this is no JSON');
  await deliver(first, 2, 3, JSON.stringify({ purchaseOrderId: first, deliveryId: 'd/1', quantity: 0 }));
  await broker.publish({ id: randomUUID(), subject: deliverySubject('po-bare'), headers: {}, data: new Uint8Array() });
  await deliver(good, 1, 2);
  await isClosed(good);
  await isEmpty();
  for (const words of ['po-unheard-of', 'po-bare']) await caseOf(words);
  await until(async () => (await casesOf(first)).length === 2, { within: 30_000, what: 'two cases' });
  const { caseId } = await caseOf('quantity must be');
  const { problems } = await keptCase({ database }, caseId);
  expect(problems.map(({ field }) => field)).toEqual(['deliveryId', 'quantity']);
  const bad = await act(caseId, { purchaseOrderId: first, deliveryId: 'd-1', quantity: -1 });
  expect(bad).toMatchObject({ ok: false, problems: [{ field: 'quantity' }] });
  expect(await act(caseId, { purchaseOrderId: first, deliveryId: 'd-1', quantity: 3 })).toMatchObject({ ok: true });
  await isClosed(first);
  expect(await booked(first)).toEqual([3]);
  await until(async () => (await casesOf(first)).some((one) => one.caseId === caseId && one.state === 'repaired'), {
    within: 30_000,
    what: 'the case to be repaired',
  });
});

test('another quantity under the id of a booked delivery is a case, and not booked', async () => {
  const purchaseOrderId = await ordered(5);
  await deliver(purchaseOrderId, 1, 5);
  await isClosed(purchaseOrderId);
  await deliver(purchaseOrderId, 1, 50);
  expect((await caseOf(purchaseOrderId)).reason).toBe('id-used-twice');
  expect(await booked(purchaseOrderId)).toEqual([5]);
});

test('another quantity under an id that is told and not booked yet is a case as well', async () => {
  const purchaseOrderId = await ordered(5);
  const letGo = await shop.holdRows(`SELECT FROM inventory.stock WHERE isbn = '${isbn}' FOR UPDATE`);
  await deliver(purchaseOrderId, 1, 5);
  await until(async () => (await toldTo(purchaseOrderId)).includes(5), { within: 30_000, what: 'one to be told' });
  await deliver(purchaseOrderId, 1, 50);
  await until(async () => (await toldTo(purchaseOrderId)).includes(50), { within: 30_000, what: 'both to be told' });
  await letGo();
  const { caseId } = await caseOf(purchaseOrderId);
  expect(await keptCase({ database }, caseId)).toMatchObject({ reason: 'id-used-twice' });
  await isClosed(purchaseOrderId);
  await isEmpty();
  expect(await booked(purchaseOrderId)).toEqual([5]);
});
