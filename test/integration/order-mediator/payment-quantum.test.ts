import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { cloneDatabase, type RigDatabase } from '../../support/rig/database.ts';
import { launchWorker } from '../../support/rig/worker.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

/* Payment with a database of its own: its tables, its outbox, its source of facts and a relay for them. */

let shop: Shop;
let database: RigDatabase;
let payment: pg.Pool;
beforeAll(async () => {
  database = await cloneDatabase(inject('servers'));
  shop = await openShop({ env: { DATABASE_URL_PAYMENT: database.url } });
  payment = new pg.Pool({ connectionString: database.url, max: 2 });
  shop.rig.onClose(() => payment.end());
  const env = { ...shop.rig.env, DATABASE_URL_RELAY: database.url, FACT_SOURCE: 'order-mediator/payment' };
  const { folder } = shop.rig;
  const relay = await launchWorker(['relay'], env, folder);
  shop.rig.onClose(relay.stop);
});
afterAll(async () => {
  await shop.close();
  await database.close(); // after the worker that is connected to it
});

const inPayment = async <Row extends object>(text: string, values: readonly unknown[]) =>
  (await payment.query<Row>(text, [...values])).rows;

const heardOf = (orderId: string) =>
  shop.sql<{ source: string; name: string; sequence: number }>(
    'SELECT source, name, sequence::int AS sequence FROM order_timeline.fact WHERE order_id = $1 ORDER BY source, sequence',
    [orderId],
  );

it('completes an order whose charge and whose fact of it are in the database of payment alone', async () => {
  const order = await shop.place();
  expect((await shop.end(order)).outcome).toBe('completed');
  const { orderId } = order;
  expect(await shop.sql('SELECT FROM payment.charge')).toEqual([]);
  expect(await inPayment('SELECT state FROM payment.charge WHERE order_id = $1', [orderId])).toEqual([
    { state: 'applied' },
  ]);
  expect(await shop.factsOf(orderId)).not.toContain('payment-applied');
  await until(async () => (await heardOf(orderId)).length >= 9, { what: 'the facts of both sources' });
  const heard = await heardOf(orderId);
  const ofPayment = heard.filter(({ source }) => source === 'order-mediator/payment');
  const ofShop = heard.filter(({ source }) => source === 'order-mediator');
  expect(ofPayment).toEqual([{ source: 'order-mediator/payment', name: 'payment-applied', sequence: 1 }]);
  expect(ofShop.map(({ sequence }) => sequence)).toEqual(ofShop.map((_, at) => at + 1));
});

it('tells a declined card from the source of payment, and the order is held', async () => {
  const order = await shop.place({ card: 'card_denied' });
  await until(async () => (await shop.progress(order)).holds.length > 0);
  const { orderId } = order;
  await until(async () => (await heardOf(orderId)).some(({ name }) => name === 'payment-denied'));
  expect((await heardOf(orderId)).filter(({ name }) => name === 'payment-denied')).toEqual([
    { source: 'order-mediator/payment', name: 'payment-denied', sequence: 1 },
  ]);
});
