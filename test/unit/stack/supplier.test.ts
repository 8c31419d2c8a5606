import { expect, test } from 'vitest';
import { readDelivery } from '../../../broker-bridge/deliveries/read-delivery.ts';
import type { OutgoingMessage } from '../../../broker-bridge/nats/broker.ts';
import { startTelling } from '../../../stack/supplier/telling.ts';
import { until } from '../../support/until.ts';
import { planDeliveries, supplierModes } from '../../../stack/supplier/deliveries.ts';
import { openSupplier, readPurchaseOrder, type LedgerEntry } from '../../../stack/supplier/supplier.ts';

const accepted = new Date('2026-01-01T00:00:00Z');
const order = { purchaseOrderId: 'po-1', isbn: '9780134685991', quantity: 7 };
const secondsAfter = (at: string) => (Date.parse(at) - accepted.getTime()) / 1000;

const delays = (mode: 'whole' | 'partly' | 'late') =>
  planDeliveries(order, accepted, { mode, deliveryMs: 5_000 }).map(({ quantity, at }) => [quantity, secondsAfter(at)]);

const shape = (number: number) => {
  const one = { ...order, purchaseOrderId: `po-${number}` };
  const plan = planDeliveries(one, accepted, { mode: 'mixed', deliveryMs: 5_000 });
  return plan.map(({ at }) => secondsAfter(at)).join('+');
};

test.each(supplierModes)('in mode %s the deliveries add up to what was ordered', (mode) => {
  for (let number = 1; number <= 50; number += 1) {
    const one = { ...order, purchaseOrderId: `po-${number}`, quantity: number };
    const deliveries = planDeliveries(one, accepted, { mode, deliveryMs: 5_000 });
    expect(deliveries.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(number);
    expect(deliveries.every(({ quantity }) => quantity > 0)).toBe(true);
  }
});

test('whole comes once after the delay, partly in two, late after three times the delay', () => {
  expect(delays('whole')).toEqual([[7, 5]]);
  expect(delays('partly')).toEqual([
    [4, 5],
    [3, 10],
  ]);
  expect(delays('late')).toEqual([[7, 15]]);
});

test('mixed does all three, and always the same for the same purchase order', () => {
  const shapes = Array.from({ length: 100 }, (_, number) => shape(number));
  expect(new Set(shapes)).toEqual(new Set(['5', '5+10', '15']));
  expect(shapes.filter((one) => one === '5').length).toBeGreaterThan(50);
  expect(shapes).toEqual(Array.from({ length: 100 }, (_, number) => shape(number)));
});

test('a purchase order is accepted once; with other content it is refused', async () => {
  const entries: LedgerEntry[] = [];
  const append = (entry: LedgerEntry) => Promise.resolve(void entries.push(entry));
  const supplier = openSupplier({ entries, append, close: () => Promise.resolve() }, { mode: 'whole', deliveryMs: 0 });
  const answers = await Promise.all([supplier.accept(order), supplier.accept(order)]);
  expect(answers).toMatchObject([{ status: 201 }, { status: 201 }]);
  expect(await supplier.accept({ ...order, quantity: 8 })).toMatchObject({ status: 409 });
  expect(entries).toHaveLength(1);
  expect(supplier.show('po-1')).toMatchObject({ status: 200, body: { complete: true } });
  expect(supplier.show('po-2')).toMatchObject({ status: 404 });
});

test('a delivery is told once it has arrived, again when its note was lost, and no more when it is noted', async () => {
  const entries: LedgerEntry[] = [];
  let isBroken = true;
  const append = (entry: LedgerEntry) => {
    if (isBroken && entry.type === 'told') return Promise.reject(new Error('The disk is full.'));
    return Promise.resolve(void entries.push(entry));
  };
  const open = () =>
    openSupplier({ entries, append, close: () => Promise.resolve() }, { mode: 'whole', deliveryMs: 0 });
  const supplier = open();
  await supplier.accept(order);
  const told: OutgoingMessage[] = [];
  const stop = startTelling(supplier, (message) => Promise.resolve(void told.push(message)));
  await until(() => Promise.resolve(told.length === 2), { what: 'it to be told twice' });
  isBroken = false;
  await until(() => Promise.resolve(entries.some(({ type }) => type === 'told')), { what: 'its note' });
  await stop();
  expect(new Set(told.map(({ id, subject }) => `${id} ${subject}`))).toEqual(
    new Set(['po-1-1 supplier.event.stock-delivered.po-1']),
  );
  expect(readDelivery(told[0] ?? expect.fail())).toEqual({
    ok: true,
    delivered: { purchaseOrderId: 'po-1', deliveryId: 'po-1-1', quantity: 7 },
  });
  expect(open().untold()).toEqual([]);
});

test('a cancelled purchase order is complete with what had arrived, also after a restart', async () => {
  const entries: LedgerEntry[] = [];
  const append = (entry: LedgerEntry) => Promise.resolve(void entries.push(entry));
  const journal = { entries, append, close: () => Promise.resolve() };
  const open = () => openSupplier(journal, { mode: 'whole', deliveryMs: 60_000 });
  const supplier = open();
  await supplier.accept(order);
  expect(supplier.show('po-1')).toMatchObject({ body: { deliveries: [], complete: false } });
  const cancelled = { status: 200, body: { deliveries: [], complete: true } };
  expect(await supplier.cancel('po-1')).toMatchObject(cancelled);
  expect(open().show('po-1')).toMatchObject(cancelled);
  expect(await supplier.cancel('po-2')).toMatchObject({ status: 404 });
});

test.each([{ quantity: 0 }, { quantity: '7' }, { isbn: '123' }, { purchaseOrderId: '../x' }])(
  'a purchase order with %j is refused with a sentence',
  (wrong) => expect(readPurchaseOrder({ ...order, ...wrong })).toMatch(/ must /),
);
