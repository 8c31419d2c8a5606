import { rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningComponent } from '../../../broker-bridge/component.ts';
import { holdTables } from '../../support/hold-tables.ts';
import { openIntakeBench, registered, type IntakeBench } from '../../support/intake.ts';
import { reconcileEverySecond } from '../../support/recovered.ts';
import { natsIsBack } from '../../support/nats-back.ts';
import { until } from '../../support/until.ts';

let bench: IntakeBench;
let intake: RunningComponent;

beforeAll(async () => {
  bench = await openIntakeBench({ temporal: 'own', env: reconcileEverySecond });
  intake = bench.startIntake();
});

afterAll(() => bench?.rig.close());

const allAre = (prefix: string, state: string, count = 10) =>
  until(async () => (await bench.rows('event_id LIKE $1 AND state = $2', [`${prefix}-%`, state])).length === count, {
    within: 40_000,
    what: `${count} events ${prefix} to be ${state}`,
  });

const timesTold = (warning: string): number => bench.told.filter((line) => line.includes(warning)).length;

const sendSome = async (prefix: string, count = 10): Promise<void> => {
  for (let n = 0; n < count; n += 1) await bench.send(registered(`${prefix}-${n}`, `${prefix}-${n}`));
};

test('with Temporal away events are recorded, and go on when it is back', async () => {
  await sendSome('warm');
  await allAre('warm', 'complete');
  await bench.rig.temporalServer.kill();
  await sendSome('temporal');
  await until(() => timesTold('Customer mediators cannot be rung for now') > 0, { within: 30_000 });
  await allAre('temporal', 'received');
  expect((await bench.broker.streamInfo('CUSTOMER_EVENTS'))?.messages).toBe(0);
  await bench.rig.temporalServer.start();
  await allAre('temporal', 'complete');
  await bench.drained();
});

test('with a Temporal that came back empty what came meanwhile goes on, and what it has lost is rung for once more', async () => {
  const letGo = await bench.holdCustomers();
  await sendSome('lost');
  await allAre('lost', 'started');
  await bench.rig.temporalServer.kill();
  await sendSome('meanwhile');
  await allAre('meanwhile', 'received');
  rmSync(join(bench.rig.folder, 'temporal'), { recursive: true });
  await bench.rig.temporalServer.start();
  await letGo();
  await allAre('meanwhile', 'complete');
  await allAre('lost', 'started');
  await bench.sql.query(
    `UPDATE mediator_store.initiating_event SET started_at = now() - interval '5 minutes', rung_at = now() - interval '5 minutes' WHERE event_id LIKE 'lost-%'`,
  );
  await bench.rig.launchWorker('order-mediator'); // which keeps the reconciler's Schedule
  await allAre('lost', 'complete');
  await bench.drained();
  const welcomed = (await bench.rig.smtpSink.mails()).filter(({ text }) => /\blost-\d\b/.test(text));
  expect(welcomed).toHaveLength(10);
});

test('with PostgreSQL away events stay in the queue, and go on when it is back', async () => {
  const before = timesTold('cannot get at its queue');
  const letGo = await cutOff(bench);
  await sendSome('postgres');
  await until(() => timesTold('cannot get at its queue') > before, { within: 30_000 });
  expect((await bench.broker.streamInfo('CUSTOMER_EVENTS'))?.messages).toBe(10);
  await letGo();
  await allAre('postgres', 'complete');
  await bench.drained();
});

test('with NATS killed and back the intake goes on with what was in the queue', async () => {
  const letGo = await holdTables(bench.sql, ['mediator_store.initiating_event']);
  await sendSome('nats');
  await until(() => isWaiting(), { what: 'the intake to have taken the first of them' });
  await bench.rig.nats.kill();
  await letGo();
  await bench.rig.nats.start();
  await Promise.all([allAre('nats', 'complete'), natsIsBack(bench.nats)]);
  await bench.drained();
});

test('a queue that was deleted and made anew goes on, with places after the old ones', async () => {
  const last = (await bench.rows()).at(-1)?.position ?? 0;
  await (await bench.nats.jetstreamManager()).streams.delete('CUSTOMER_EVENTS');
  await until(async () => (await bench.broker.streamInfo('CUSTOMER_EVENTS')) !== null, { within: 30_000 });
  // At the place that the event of this id had in the old stream.
  expect(await bench.send(registered('warm-0', 'somebody-else'))).toBe(1);
  await sendSome('anew');
  await allAre('anew', 'complete');
  const positions = (await bench.rows(`event_id LIKE 'anew-%'`)).map(({ position }) => position ?? 0);
  expect(Math.min(...positions)).toBeGreaterThan(last);
  await expectCaseAt(1);
});

test('an intake that is stopped finishes what it has taken, and leaves the rest to the next one', async () => {
  await intake.stop();
  const stopping = bench.startIntake({ batch: 3 });
  const sending = sendSome('stopping', 40);
  await until(async () => (await bench.rows(`event_id LIKE 'stopping-%'`)).length > 5);
  await stopping.stop();
  await sending;
  await sendSome('left');
  expect(await bench.rows(`event_id LIKE 'left-%'`)).toEqual([]);
  bench.startIntake();
  await allAre('stopping', 'complete', 40);
  await allAre('left', 'complete');
  await bench.drained();
  const rows = await bench.rows(`event_id LIKE 'stopping-%'`);
  expect(rows.map(({ eventId }) => eventId)).toEqual(rows.map((_, index) => `stopping-${index}`));
});

/** True while a statement of the intake waits for a lock of this test. */
async function isWaiting(): Promise<boolean> {
  const { rows } = await bench.sql.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'intake' AND wait_event_type = 'Lock'`,
  );
  return rows.length > 0;
}

async function expectCaseAt(sequence: number): Promise<void> {
  await until(() => bench.sentLetters.some(({ event }) => event.streamSequence === sequence));
  expect(bench.sentLetters.at(-1)?.event).toMatchObject({ reason: 'id-used-twice', customerId: 'somebody-else' });
}

/** Nobody may connect to the database, and the connections that there are are cut. */
async function cutOff({ rig }: IntakeBench): Promise<() => Promise<unknown>> {
  const url = new URL(rig.databaseUrl);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  const asAdmin = async (...statements: readonly string[]) => {
    const admin = new pg.Client({ connectionString: url.href });
    await admin.connect();
    for (const statement of statements) await admin.query(statement);
    await admin.end();
  };
  const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`;
  await asAdmin(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`, cut);
  return () => asAdmin(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`);
}
