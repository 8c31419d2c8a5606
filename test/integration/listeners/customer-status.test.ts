import { afterAll, beforeAll, expect, test } from 'vitest';
import { listenersOf, pauseListener, replayListener, resumeListener } from '../../../app/listeners.ts';
import type { FactBodies } from '../../../contracts/fact-bodies.ts';
import type { FactName } from '../../../contracts/facts.ts';
import { factCatalogue } from '../../../contracts/schemas/facts.ts';
import { openDatabase } from '../../../prisma/database.ts';
import { openBridge, type Bridge } from '../../support/bridge.ts';
import { until } from '../../support/until.ts';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await openBridge();
  bridge.startRelay();
  await bridge.startListener('customer-status');
  await bridge.startListener('email-analytics');
});

afterAll(() => bridge?.rig.close());

/** Tells a fact of an order: the catalogue's example, with these changes. */
async function tell<Name extends FactName>(orderId: string, name: Name, changes: Partial<FactBodies[Name]> = {}) {
  const body = { ...factCatalogue[name].example, orderId, ...changes };
  await bridge.sql.query(`SELECT outbox.record_fact('orders', $1, $2, $3::jsonb)`, [
    name,
    orderId,
    JSON.stringify(body),
  ]);
}

interface Shown {
  readonly progress: string;
  readonly waits: readonly string[];
  readonly tracking: string | null;
}

async function shown(orderId: string): Promise<Shown | undefined> {
  const { rows } = await bridge.sql.query<Shown>(
    'SELECT progress, waits_for AS waits, tracking_number AS tracking FROM customer_status.order WHERE order_id = $1',
    [orderId],
  );
  return rows[0];
}

const shows = (orderId: string, expected: Partial<Shown>) =>
  until(
    async () => {
      const row = await shown(orderId).catch(() => undefined); // the table may not be there yet
      return (
        row &&
        Object.entries(expected).every(
          ([name, value]) => JSON.stringify(row[name as keyof Shown]) === JSON.stringify(value),
        )
      );
    },
    { what: `${orderId} to be ${JSON.stringify(expected)}` },
  );

async function completeOrder(orderId: string): Promise<void> {
  await tell(orderId, 'order-created');
  await tell(orderId, 'payment-applied');
  await tell(orderId, 'order-fulfilled');
  await tell(orderId, 'order-shipped', { trackingNumber: 'T-1' });
  await tell(orderId, 'order-completed');
}

test('after a restore an order is shown as far as the shop knows of it, and goes on from there', async () => {
  await completeOrder('ord-x');
  await shows('ord-x', { progress: 'on its way', tracking: 'T-1' });
  const facts = ['order-created', 'payment-applied', 'order-held'];
  await tell('ord-x', 'order-restored', { state: 'held', holds: ['address'], facts });
  await shows('ord-x', { progress: 'being packed', waits: ['another address'], tracking: null });
  await tell('ord-x', 'order-resumed', { reason: 'address' });
  await tell('ord-x', 'order-shipped', { trackingNumber: 'T-1' });
  await shows('ord-x', { progress: 'on its way', waits: [], tracking: 'T-1' });
  await tell('ord-x', 'order-restored', { state: 'unknown', facts: [] });
  await shows('ord-x', { progress: 'received', waits: ['a check by the shop'], tracking: null });
});

test('an order is shown as far as its facts have come', async () => {
  await tell('ord-a', 'order-created');
  await shows('ord-a', { progress: 'received', waits: [], tracking: null });
  await tell('ord-a', 'payment-applied');
  await shows('ord-a', { progress: 'being packed' });
  await tell('ord-a', 'order-fulfilled');
  await tell('ord-a', 'order-shipped', { trackingNumber: 'T-1' });
  await shows('ord-a', { progress: 'on its way', tracking: 'T-1' });
  await tell('ord-a', 'return-opened');
  await tell('ord-a', 'return-closed');
  await shows('ord-a', { progress: 'returned' });
});

test('what it waits for is shown for as long as it waits, also two things at once', async () => {
  await tell('ord-b', 'order-created');
  await tell('ord-b', 'order-held', { reason: 'payment' });
  await tell('ord-b', 'order-held', { reason: 'fault' });
  await tell('ord-b', 'order-held', { reason: 'approval' });
  await shows('ord-b', { waits: ['another card', 'a check by the shop', 'a check by the shop'] });
  await tell('ord-b', 'order-resumed', { reason: 'fault' });
  await shows('ord-b', { waits: ['another card', 'a check by the shop'] });
  await tell('ord-b', 'order-cancelled');
  await shows('ord-b', { progress: 'cancelled', waits: [] });
});

test('it is made anew from the stream, and is what it was', async () => {
  await completeOrder('ord-c');
  await shows('ord-c', { progress: 'on its way' });
  const rows = async () => (await bridge.sql.query('SELECT * FROM customer_status.order ORDER BY order_id')).rows;
  const before = await rows();
  await bridge.sql.query(`UPDATE customer_status.order SET progress = 'spoilt'`);
  await bridge.sql.query(
    `INSERT INTO customer_status.order VALUES ('ord-none', 'c-1', 'invented', '{}', NULL, NULL, now())`,
  );
  const database = openDatabase(bridge.rig.databaseUrl, { poolSize: 1 });
  bridge.rig.onClose(database.close);
  await replayListener({ broker: bridge.broker, database }, 'customer-status', null);
  await until(async () => JSON.stringify(await rows()) === JSON.stringify(before), { what: 'the same rows' });
  await tell('ord-c', 'return-opened');
  await shows('ord-c', { progress: 'on its way back' });
});

test('while it is paused its facts wait, the others hear theirs, and it goes on where it was', async () => {
  await pauseListener(bridge.broker, 'customer-status');
  await tell('ord-d', 'order-created');
  await tell('ord-d', 'email-sent');
  await until(async () => {
    const [mails, status] = ['email-analytics', 'customer-status'].map(async (name) =>
      (await listenersOf(bridge.broker)).find((one) => one.name === name),
    );
    return (await mails)?.waiting === 0 && ((await status)?.waiting ?? 0) === 2;
  });
  expect(await listenersOf(bridge.broker)).toMatchObject([
    { name: 'customer-status', state: 'paused', waiting: 2, oldestSeconds: expect.any(Number) },
    { name: 'email-analytics', state: 'listens', waiting: 0, oldestSeconds: null },
  ]);
  expect(await shown('ord-d')).toBeUndefined();
  await resumeListener(bridge.broker, 'customer-status');
  await shows('ord-d', { progress: 'received' });
});

test('a listener that is not there, and a point in time for one that is rebuilt, are refused with a sentence', async () => {
  const database = openDatabase(bridge.rig.databaseUrl, { poolSize: 1 });
  bridge.rig.onClose(database.close);
  const ports = { broker: bridge.broker, database };
  await expect(pauseListener(bridge.broker, 'nobody')).rejects.toThrow(
    'No listener called nobody has run. There are: customer-status, email-analytics.',
  );
  await expect(replayListener(ports, 'customer-status', '2026-11-23T10:00:00Z')).rejects.toThrow('rebuilt as a whole');
  await expect(replayListener(ports, 'customer-status', 'yesterday')).rejects.toThrow('must be an instant');
});
