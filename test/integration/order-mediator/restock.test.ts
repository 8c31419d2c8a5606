import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Broker } from '../../../broker-bridge/nats/broker.ts';
import { connectBroker } from '../../../broker-bridge/nats/connect.ts';
import type { FactBodies } from '../../../contracts/fact-bodies.ts';
import type { ReorderedBy } from '../../../contracts/inventory.ts';
import type { OrderPolicy } from '../../../contracts/mediators/order-policy.ts';
import { supplierDeliveries } from '../../../contracts/outside/supplier-deliveries.ts';
import { policyOf } from '../../support/policies.ts';
import { isReported, reconcileEverySecond } from '../../support/recovered.ts';
import type { WorkerProcess } from '../../support/rig/worker.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { silentLog } from '../../support/silent-log.ts';
import { until } from '../../support/until.ts';

let shop: Shop;
let broker: Broker;
let listeners: WorkerProcess;

const startListeners = async () => {
  listeners = await shop.rig.launchWorker('listener:restock', 'listener:supplier-desk');
};

beforeAll(async () => {
  const supplier = { deliverySeconds: 1, mode: 'whole', tells: true } as const;
  const workers = [['order-mediator', 'processors', 'relay', 'deliveries']];
  shop = await openShop({ supplier, env: reconcileEverySecond }, workers);
  broker = await connectBroker({ url: shop.rig.nats.url, name: 'test', log: silentLog });
  shop.rig.onClose(() => broker.close());
  await startListeners();
});

afterAll(() => shop?.close());

const by = (reorderedBy: ReorderedBy): OrderPolicy => ({ ...policyOf(), reorderedBy });

/** A title of the seed with so many pieces; its reorder point is 40. */
async function stocked(isbn: string, pieces: number): Promise<string> {
  await shop.sql('UPDATE inventory.stock SET on_hand = $2 WHERE isbn = $1', [isbn, pieces]);
  return isbn;
}

const onHand = async (isbn: string) =>
  (await shop.sql<{ on: number }>('SELECT on_hand AS on FROM inventory.stock WHERE isbn = $1', [isbn]))[0]?.on;

const purchaseOrders = (isbn: string) =>
  shop.sql<{ cause: string; state: string }>(
    'SELECT request_id AS cause, state FROM warehouse.purchase_order WHERE isbn = $1',
    [isbn],
  );

const isDelivered = (isbn: string, pieces: number) =>
  until(
    async () =>
      (await purchaseOrders(isbn)).every(({ state }) => state === 'closed') && (await onHand(isbn)) === pieces,
    { within: 60_000, what: `${pieces} pieces of ${isbn}` },
  );

const lows = async (isbn: string) =>
  (
    await shop.sql<{ body: FactBodies['stock-low'] }>(
      `SELECT body FROM outbox.fact WHERE name = 'stock-low' AND key = $1`,
      [isbn],
    )
  ).map(({ body }) => body);

/** Nothing of the listeners is under way any more. */
const areDone = () =>
  until(
    async () =>
      (await shop.sql('SELECT FROM supplier_desk.outgoing')).length === 0 &&
      (await shop.sql(`SELECT FROM outbox.fact WHERE stream_sequence IS NULL`)).length === 0,
    { within: 30_000, what: 'all messages to be sent' },
  );

const answersTo = (isbn: string) =>
  until(
    async () => {
      const told = await lows(isbn);
      const answers = await shop.sql(
        `SELECT FROM warehouse.answer WHERE request_id LIKE 'listener/supplier-desk/%' AND order_id = ANY ($1)`,
        [told.map(({ orderId }) => orderId)],
      );
      return told.length > 0 && answers.length === told.length;
    },
    { within: 30_000, what: `warehouse to have answered about ${isbn}` },
  );

/** The supplier has told deliveries, and all of them were taken. */
const wasToldAndTaken = async () => {
  const stream = await broker.streamInfo(supplierDeliveries.stream);
  return stream !== null && stream.lastSequence > 0 && stream.messages === 0;
};

test('listeners re-order what orders have brought down, once; a delivery is booked once, and no order waits for it', async () => {
  const isbn = await stocked('9780134685991', 42);
  const lines = [{ isbn, quantity: 1 }];
  const placed = await Promise.all([1, 2, 3].map(() => shop.place({ lines }, by('listeners'))));
  for (const one of placed) {
    expect(await shop.end(one)).toMatchObject({ outcome: 'completed' });
    const { steps } = await shop.progress(one);
    expect(steps.filter(({ requestId }) => requestId.includes('/order-stock/'))).toEqual([]);
  }
  await isDelivered(isbn, 39 + 200);
  await answersTo(isbn);
  await areDone();
  const [one, ...more] = await purchaseOrders(isbn);
  expect(one?.cause).toMatch(/^listener\/supplier-desk\/.*\/order-stock\/1$/);
  expect(more).toEqual([]);
  const facts = await shop.factsOf(isbn);
  expect(facts.filter((name) => name !== 'stock-low')).toEqual(['stock-ordered', 'stock-replenished']);
  await until(wasToldAndTaken, { what: 'the delivery to be told by the supplier and taken' });
});

test('listeners that are killed in between go on where they were, and the title is ordered once', async () => {
  const isbn = await stocked('9780132350884', 41);
  const lines = [{ isbn, quantity: 1 }];
  const letGo = await shop.holdTables('warehouse.answer');
  const first = await shop.place({ lines }, by('listeners'));
  await shop.allWaitFor('warehouse.answer');
  await listeners.kill();
  await letGo();
  expect(await shop.end(first)).toMatchObject({ outcome: 'completed' });
  expect(await shop.outcomeOf({ lines }, by('listeners'))).toMatchObject({ outcome: 'completed' });
  await startListeners();
  await isDelivered(isbn, 39 + 200);
  await answersTo(isbn);
  await areDone();
  expect(await purchaseOrders(isbn)).toHaveLength(1);
});

test('the reconciler notices that listeners are stuck and orders in their place; what they ask for later orders nothing', async () => {
  const isbn = await stocked('9780201633610', 41);
  await listeners.kill();
  const placed = await shop.place({ lines: [{ isbn, quantity: 1 }] }, by('listeners'));
  expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
  expect(await purchaseOrders(isbn)).toEqual([]);
  const longAgo = `UPDATE outbox.fact SET time = now() - interval '3 minutes' WHERE key = $1 AND name = 'inventory-updated'`;
  await shop.sql(longAgo, [placed.orderId]);
  await isReported(shop, ({ overlooked }) => overlooked.includes(isbn));
  await isDelivered(isbn, 40 + 200);
  await startListeners();
  await answersTo(isbn);
  expect((await purchaseOrders(isbn)).map(({ cause }) => cause)).toEqual([expect.stringMatching(/^reconcile-stock\//)]);
});

test('where the mediator re-orders, step 3 does it, the fact is told all the same, and no listener acts', async () => {
  const isbn = await stocked('9780135957059', 41);
  const placed = await shop.place({ lines: [{ isbn, quantity: 1 }] }, by('mediator'));
  expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
  await isDelivered(isbn, 40 + 200);
  await until(async () => (await lows(isbn)).length === 1, { what: 'the fact' });
  expect(await lows(isbn)).toMatchObject([{ reorderedBy: 'mediator', orderId: placed.orderId }]);
  await areDone();
  expect((await purchaseOrders(isbn)).map(({ cause }) => cause)).toEqual([`${placed.orderId}/order-stock/1`]);
});
