import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPump } from '../../../lab/embedded/data-pump.ts';
import { startPriceService } from '../../../lab/embedded/own-databases.ts';
import { openBridge, type Bridge } from '../../support/bridge.ts';
import { until } from '../../support/until.ts';

/* The examples of docs/hybrids.md. */

let bridge: Bridge;
beforeAll(async () => {
  bridge = await openBridge();
});
afterAll(() => bridge.rig.close());

interface OtherDatabase {
  readonly url: string;
  rows(text: string): Promise<readonly object[]>;
}

/** An empty database of its own on the same server. */
async function otherDatabase(): Promise<OtherDatabase> {
  const name = `other_${randomBytes(6).toString('hex')}`;
  await bridge.sql.query(`CREATE DATABASE ${name}`);
  // A connection that was closed is gone only when its server process is.
  bridge.rig.onClose(() => until(async () => await bridge.sql.query(`DROP DATABASE ${name}`)));
  const url = new URL(bridge.rig.databaseUrl);
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 1 });
  bridge.rig.onClose(() => pool.end());
  return { url: url.href, rows: async (text) => (await pool.query<object>(text)).rows };
}

const schemasOf = async (name: string): Promise<number> =>
  (await bridge.sql.query('SELECT FROM pg_namespace WHERE nspname = $1', [name])).rowCount ?? 0;

const tell = (name: string, orderId: string, body: object) =>
  bridge.sql.query(`SELECT outbox.record_fact('orders', $1, $2, $3::jsonb)`, [name, orderId, JSON.stringify(body)]);

const created = (orderId: string) => ({
  orderId,
  customerId: 'c-1',
  country: 'DE',
  lines: [],
  total: { amount: 4590, currency: 'EUR' },
});

describe('the data pump', () => {
  it('fills another database, each fact once, also when it is stopped in between', async () => {
    const sales = await otherDatabase();
    const start = () =>
      startPump({ databaseUrl: sales.url, broker: bridge.broker, deadLetters: bridge.deadLetters, log: bridge.log });
    const relay = bridge.startRelay();
    const first = start();
    await tell('order-created', 'ord-1', created('ord-1'));
    await tell('order-created', 'ord-2', created('ord-2'));
    await until(async () => (await sales.rows('SELECT FROM sales.order').catch(() => [])).length === 2);
    await first.stop();
    await tell('order-completed', 'ord-1', { orderId: 'ord-1', outcome: 'completed' });
    await tell('order-cancelled', 'ord-2', { orderId: 'ord-2', reason: 'PaymentDenied' });
    const second = start();
    await until(async () => (await sales.rows(`SELECT FROM sales.order WHERE state <> 'ordered'`)).length === 2);
    await second.stop();
    await relay.stop();
    expect(await sales.rows('SELECT * FROM sales.order ORDER BY order_id')).toEqual([
      { order_id: 'ord-1', customer_id: 'c-1', amount: '4590', currency: 'EUR', state: 'sold' },
      { order_id: 'ord-2', customer_id: 'c-1', amount: '4590', currency: 'EUR', state: 'cancelled' },
    ]);
    expect(await sales.rows('SELECT last_sequence FROM sales.inbox_position')).toEqual([
      { last_sequence: '2' },
      { last_sequence: '2' },
    ]);
    expect(await schemasOf('sales')).toBe(0);
  });
});

describe('a service that is event-driven inside, with a database for each processor', () => {
  it('keeps in the second what follows from a fact of the first', async () => {
    const offers = await otherDatabase();
    const { broker, log, deadLetters } = bridge;
    const databaseUrls = { prices: bridge.rig.databaseUrl, offers: offers.url };
    const service = startPriceService({ databaseUrls, broker, log, deadLetters });
    const price = (isbn: string, amount: number) =>
      service.changePrice({ requestId: randomUUID(), isbn, price: { amount, currency: 'EUR' } });
    await price('9780134685991', 3990);
    await price('9780132350884', 3990);
    await price('9780132350884', 9990);
    await until(async () => {
      const rows = await offers.rows('SELECT FROM offers.inbox_position WHERE last_sequence = 2').catch(() => []);
      return rows.length === 1;
    });
    expect(await offers.rows('SELECT * FROM offers.offer')).toEqual([
      { isbn: '9780134685991', amount: '3990', saved: '600' },
    ]);
    expect(await schemasOf('offers')).toBe(0);
    await service.stop();
  });
});
