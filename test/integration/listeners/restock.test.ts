import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningComponent } from '../../../broker-bridge/component.ts';
import type { FactBodies } from '../../../contracts/fact-bodies.ts';
import { factStream } from '../../../contracts/facts.ts';
import type { ToldLevel } from '../../../contracts/inventory.ts';
import { openBridge, type Bridge } from '../../support/bridge.ts';
import { until } from '../../support/until.ts';

let bridge: Bridge;
let restock: RunningComponent;

beforeAll(async () => {
  bridge = await openBridge();
  bridge.startRelay();
  restock = await bridge.startListener('restock');
  await bridge.startListener('supplier-desk');
});

afterAll(() => bridge?.rig.close());

let made = 0;
const title = () => `97801${String((made += 1)).padStart(8, '0')}`;

const rowsOf = async <Row extends object>(text: string, values: readonly unknown[] = []) =>
  (await bridge.sql.query<Row>(text, [...values])).rows;

async function tell(area: string, name: string, key: string, body: object, cause: string | null = null): Promise<void> {
  const record = 'SELECT outbox.record_fact($1, $2, $3, $4::jsonb, $5)';
  await bridge.sql.query(record, [area, name, key, JSON.stringify(body), cause]);
  await bridge.sql.query('NOTIFY outbox');
}

/** An order has taken pieces, and these are left; by default listeners re-order. */
async function took(levels: readonly ToldLevel[], by: object = { reorderedBy: 'listeners' }): Promise<string> {
  const orderId = `ord-${randomUUID()}`;
  await tell('orders', 'inventory-updated', orderId, { orderId, lines: [], levels, ...by });
  return orderId;
}

/** Everything that was told, also by restock, has been published and heard. */
const allHeard = () =>
  until(
    async () => {
      if ((await bridge.unpublished()) > 0 || !(await hasHeardAll('restock'))) return false;
      return (await bridge.unpublished()) === 0 && hasHeardAll('supplier-desk');
    },
    { what: 'every fact to be heard' },
  );

async function hasHeardAll(listener: string): Promise<boolean> {
  const management = await bridge.nats.jetstreamManager();
  const { num_ack_pending: underWay, num_pending: waiting } = await management.consumers.info(
    factStream.name,
    listener,
  );
  return underWay + waiting === 0;
}

const toldOf = async (isbn: string) =>
  (
    await rowsOf<{ body: FactBodies['stock-low'] }>(
      `SELECT body FROM outbox.fact WHERE name = 'stock-low' AND key = $1 ORDER BY sequence`,
      [isbn],
    )
  ).map(({ body }) => body);

/** What supplier-desk has to send: nobody takes it in this test. */
const messages = async () =>
  (
    await rowsOf<{ message: Record<string, unknown> }>('SELECT message FROM supplier_desk.outgoing ORDER BY position')
  ).map(({ message }) => message);

const messagesAbout = async (isbn: string) =>
  (await messages()).filter((message) => JSON.stringify(message).includes(isbn));

test('a title is told low at its reorder point and not above it, what is on order counted, and once per order', async () => {
  const [at, above, coming, noRule] = [title(), title(), title(), title()];
  const orderId = await took([
    { isbn: above, onHand: 41, onOrder: 0, reorderPoint: 40 },
    { isbn: at, onHand: 30, onOrder: 10, reorderPoint: 40 },
    { isbn: coming, onHand: 3, onOrder: 120, reorderPoint: 40 },
    { isbn: noRule, onHand: 0 },
  ]);
  await allHeard();
  const [heard] = await rowsOf<{ id: string; time: Date }>('SELECT id, time FROM outbox.fact WHERE key = $1', [
    orderId,
  ]);
  const asOf = heard?.time.toISOString();
  const low = { isbn: at, onHand: 30, onOrder: 10, reorderPoint: 40, orderId, reorderedBy: 'listeners' };
  expect(await toldOf(at)).toEqual([{ ...low, asOf }]);
  for (const isbn of [above, coming, noRule]) expect(await toldOf(isbn)).toEqual([]);
  const causes = await rowsOf(`SELECT area, causation_id AS cause FROM outbox.fact WHERE key = $1`, [at]);
  expect(causes).toEqual([{ area: 'stock', cause: heard?.id }]);
  const asked = { to: 'processor', name: 'order-stock' };
  expect(await messagesAbout(at)).toEqual([
    { ...asked, command: { orderId, levels: [{ isbn: at, onHand: 30 }], asOf } },
  ]);
});

test('it is told whoever re-orders, and nobody is asked unless listeners do', async () => {
  const [mediated, unsaid] = [title(), title()];
  await took([{ isbn: mediated, onHand: 1, onOrder: 0, reorderPoint: 40 }], { reorderedBy: 'mediator' });
  await took([{ isbn: unsaid, onHand: 1, onOrder: 0, reorderPoint: 40 }], {});
  await allHeard();
  expect([await toldOf(mediated), await toldOf(unsaid)]).toMatchObject([
    [{ reorderedBy: 'mediator' }],
    [{ reorderedBy: 'mediator' }],
  ]);
  expect([await messagesAbout(mediated), await messagesAbout(unsaid)]).toEqual([[], []]);
});

test('facts of before they said what is on order are passed over', async () => {
  const isbn = title();
  await took([{ isbn, onHand: 1 }], {});
  await allHeard();
  expect(await toldOf(isbn)).toEqual([]);
});

test('a listener that is stopped hears afterwards what was told meanwhile, once', async () => {
  const isbn = title();
  await restock.stop();
  for (const onHand of [40, 39]) await took([{ isbn, onHand, onOrder: 0, reorderPoint: 40 }]);
  restock = await bridge.startListener('restock');
  await until(async () => (await toldOf(isbn)).length === 2, { what: 'both to be told' });
  await allHeard();
  expect((await toldOf(isbn)).map(({ onHand }) => onHand).toSorted((a, b) => a - b)).toEqual([39, 40]);
  expect(await messagesAbout(isbn)).toHaveLength(2);
});

const purchaseOf = (isbn: string) => ({ isbn, purchaseOrderId: `po-${isbn}`, quantity: 120, orderId: 'ord-1' });

test('a purchase order that the desk has asked for is followed, and that of a mediator is not', async () => {
  const [own, other] = [title(), title()];
  await tell('stock', 'stock-ordered', own, purchaseOf(own), `listener/supplier-desk/${randomUUID()}/1/order-stock/1`);
  await tell('stock', 'stock-ordered', other, purchaseOf(other), 'ord-1/order-stock/1');
  await allHeard();
  const { orderId: _, ...purchaseOrder } = purchaseOf(own);
  expect(await messagesAbout(own)).toEqual([{ to: 'replenishment', purchaseOrder }]);
  expect(await messagesAbout(other)).toEqual([]);
});
