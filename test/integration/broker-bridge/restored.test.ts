import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client, Connection } from '@temporalio/client';
import { createRepairCaseStore } from '../../../activities/repair/case-store.ts';
import { checkAfterRestore } from '../../../app/restore-check.ts';
import { openDatabase, type Database } from '../../../prisma/database.ts';
import type { RunningComponent } from '../../../broker-bridge/component.ts';
import { allPublished, openBridge, type Bridge } from '../../support/bridge.ts';
import { until } from '../../support/until.ts';

let bridge: Bridge;
let database: Database;
let client: Client;
let running: readonly RunningComponent[] = [];

beforeAll(async () => {
  bridge = await openBridge({ temporal: true });
  database = openDatabase(bridge.rig.databaseUrl, { poolSize: 1 });
  bridge.rig.onClose(database.close);
  const connection = await Connection.connect({ address: bridge.rig.temporal.address });
  bridge.rig.onClose(() => connection.close());
  client = new Client({ connection, namespace: bridge.rig.temporal.namespace });
});

afterAll(() => bridge?.rig.close());

const check = () => checkAfterRestore({ broker: bridge.broker, database, client, cases: createRepairCaseStore });

async function start(): Promise<void> {
  running = [
    bridge.startRelay(),
    await bridge.startListener('order-timeline'),
    await bridge.startListener('email-analytics'),
  ];
}

const stop = () => Promise.all(running.map((part) => part.stop()));

/** The places of a key that its timeline has, in the order in which they came. */
async function heard(key: string): Promise<readonly string[]> {
  const { rows } = await bridge.sql.query<{ place: string }>(
    `SELECT epoch || '.' || sequence AS place FROM order_timeline.fact WHERE order_id = $1 ORDER BY received_at, epoch, sequence`,
    [key],
  );
  return rows.map(({ place }) => place);
}

/** As when PostgreSQL is put back to the moment at which the key had so many facts: store, inboxes and effects. */
async function putBack(key: string, to: number): Promise<void> {
  await bridge.sql.query('DELETE FROM outbox.fact WHERE key = $1 AND sequence > $2', [key, to]);
  await bridge.sql.query('UPDATE outbox.counter SET last_sequence = $2 WHERE key = $1', [key, to]);
  await bridge.sql.query('DELETE FROM order_timeline.fact WHERE order_id = $1 AND sequence > $2', [key, to]);
  await bridge.sql.query('UPDATE order_timeline.inbox_position SET last_sequence = $2 WHERE key = $1', [key, to]);
}

test('after a restore to different moments new facts are heard, in an epoch of their own, and none twice', async () => {
  await start();
  await bridge.record(['ord-r'], 5);
  await bridge.record(['ord-s'], 2);
  await allPublished(bridge);
  await until(async () => (await heard('ord-r')).length === 5 && (await heard('ord-s')).length === 2);
  await stop();
  await putBack('ord-r', 3);
  expect(await check()).toEqual({
    epoch: 2,
    keys: [{ key: 'ord-r', lost: ['email-sent', 'email-sent'], state: 'unknown', caseId: 'restore-check-2-ord-r' }],
    workflows: [],
    listeners: ['email-analytics', 'order-timeline'],
  });
  await start();
  await bridge.record(['ord-r'], 2);
  await allPublished(bridge);
  await until(async () => (await heard('ord-r')).length === 8, { what: 'the new facts to be heard' });
  expect(await heard('ord-r')).toEqual(['1.1', '1.2', '1.3', '1.4', '1.5', '2.1', '2.2', '2.3']);
  expect(await heard('ord-s')).toEqual(['1.1', '1.2']);
  const { rows } = await bridge.sql.query<{ n: number }>(
    'SELECT sum(mails)::int AS n FROM email_analytics.mails_per_day',
  );
  expect(rows).toEqual([{ n: 9 }]);
  await stop();
});

test('the next one begins an epoch greater than any that was used, also when the store has forgotten it', async () => {
  await bridge.sql.query('DELETE FROM outbox.epoch WHERE epoch = 2');
  await bridge.sql.query('DELETE FROM outbox.fact WHERE epoch = 2');
  await bridge.sql.query(`UPDATE outbox.counter SET epoch = 1, last_sequence = 3 WHERE key = 'ord-r'`);
  expect((await check()).epoch).toBe(3);
});
