import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openIntakeBench, registered, type IntakeBench } from '../../support/intake.ts';
import { holdBy } from '../../support/hold-tables.ts';
import { until } from '../../support/until.ts';

let bench: IntakeBench;

beforeAll(async () => {
  bench = await openIntakeBench({ temporal: 'own' });
  bench.startIntake();
});

afterAll(() => bench?.rig.close());

const allStarted = (prefix: string, count: number) =>
  until(async () => (await bench.rows(`event_id LIKE $1 AND state = 'started'`, [`${prefix}-%`])).length === count, {
    within: 40_000,
    what: `${count} events ${prefix} to be started`,
  });

const sendSome = async (prefix: string, count = 10): Promise<void> => {
  for (let n = 0; n < count; n += 1) await bench.send(registered(`${prefix}-${n}`, `${prefix}-${n}`));
};

test('with Temporal away events wait, and go on when it is back', async () => {
  await sendSome('warm');
  await allStarted('warm', 10);
  await bench.rig.temporalServer.kill();
  await sendSome('temporal');
  await until(() => bench.told.some((line) => line.includes('A customer event cannot be resolved now')), {
    within: 30_000,
  });
  expect(await bench.rows(`event_id LIKE 'temporal-%' AND state = 'received'`)).toHaveLength(10);
  await bench.rig.temporalServer.start();
  await allStarted('temporal', 10);
  await bench.drained();
});

test('with PostgreSQL away events stay in the queue, and go on when it is back', async () => {
  const letGo = await cutOff(bench);
  await sendSome('postgres');
  await until(() => bench.told.some((line) => line.includes('cannot be recorded now')), { within: 30_000 });
  expect((await bench.broker.streamInfo('CUSTOMER_EVENTS'))?.messages).toBe(10);
  await letGo();
  await allStarted('postgres', 10);
  await bench.drained();
});

test('with NATS killed and back the intake goes on with what was in the queue', async () => {
  const letGo = await holdBy(bench.sql, 'LOCK TABLE mediator_store.recorded IN ACCESS EXCLUSIVE MODE');
  await sendSome('nats');
  await bench.rig.nats.kill();
  await letGo();
  await bench.rig.nats.start();
  await allStarted('nats', 10);
  await bench.drained();
});

test('a queue that was deleted and made anew goes on, with places after the old ones', async () => {
  const last = (await bench.rows()).at(-1)?.position ?? 0;
  await (await bench.nats.jetstreamManager()).streams.delete('CUSTOMER_EVENTS');
  await until(async () => (await bench.broker.streamInfo('CUSTOMER_EVENTS')) !== null, { within: 30_000 });
  // At the place that the event of this id had in the old stream.
  expect(await bench.send(registered('warm-0', 'somebody-else'))).toBe(1);
  await sendSome('anew');
  await allStarted('anew', 10);
  const positions = (await bench.rows(`event_id LIKE 'anew-%'`)).map(({ position }) => position ?? 0);
  expect(Math.min(...positions)).toBeGreaterThan(last);
  await expectCaseAt(1);
});

test('an intake that is stopped finishes what it has taken, and leaves the rest to the next one', async () => {
  const intake = bench.startIntake({ batch: 3 });
  const sending = sendSome('stopping', 60);
  await until(async () => (await bench.rows(`event_id LIKE 'stopping-%'`)).length > 5);
  await intake.stop();
  await sending;
  await allStarted('stopping', 60);
  await bench.drained();
});

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
