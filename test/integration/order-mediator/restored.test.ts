import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRepairCaseStore } from '../../../activities/repair/case-store.ts';
import { placeOrder, type PlacedOrder } from '../../../app/place.ts';
import { checkAfterRestore, type RestoreReport } from '../../../app/restore-check.ts';
import { connectBroker } from '../../../broker-bridge/nats/connect.ts';
import { loadOrderPolicy } from '../../../config/order-policy.ts';
import { processorNames } from '../../../contracts/command-routes.ts';
import { factStream, factSubject, type FactName } from '../../../contracts/facts.ts';
import type { PlaceOrder } from '../../../contracts/place-order.ts';
import { openDatabase } from '../../../prisma/database.ts';
import { checkout } from '../../../stack/binaries.mjs';
import { createCopies, type Moments } from '../../support/put-back.ts';
import { openRig, type Rig } from '../../support/rig.ts';
import type { WorkerProcess } from '../../support/rig/worker.ts';
import { reconcileEverySecond } from '../../support/recovered.ts';
import { anOrder } from '../../support/shop.ts';
import { silentLog } from '../../support/silent-log.ts';
import { until } from '../../support/until.ts';

/** `early`: two orders wait for their charge. `middle`: one has completed, the other is held. `late`: a third one has. */
type Moment = 'early' | 'middle' | 'late';

const everything = ['order-mediator', 'workflow-processor', 'relay', 'listeners', ...processorNames];
const withoutPayment = everything.filter((name) => name !== 'payment');
const toNowhere = { ...anOrder().shipTo, country: 'AQ' } as const;

let rig: Rig;
let copies: ReturnType<typeof createCopies<Moment>>;
/** Completed, held for its address, and placed last. */
let done: PlacedOrder;
let held: PlacedOrder;
let last: PlacedOrder;

async function sql<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: rig.databaseUrl, application_name: 'test' });
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

async function withTemporal<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: rig.temporal.address });
  try {
    return await work(new Client({ connection, namespace: rig.temporal.namespace }));
  } finally {
    await connection.close();
  }
}

const place = (changes: Partial<PlaceOrder> = {}) =>
  withTemporal((client) =>
    placeOrder({ client, event: anOrder(changes), policy: loadOrderPolicy({}), deadlineMs: 120_000 }),
  );

async function whileRunning(names: readonly string[], work: () => Promise<void>): Promise<void> {
  const worker: WorkerProcess = await rig.launchWorker(...names);
  try {
    await work();
  } finally {
    await worker.stop();
  }
}

const isIn = (order: PlacedOrder, state: string) =>
  until(
    async () => {
      const rows = await sql<{ state: string }>('SELECT state FROM mediator_store.flow WHERE order_id = $1', [
        order.orderId,
      ]);
      return rows[0]?.state === state;
    },
    { within: 60_000, what: `${order.orderId} to be ${state}` },
  );

/** Every fact is published, and every listener has heard all that the stream holds. */
async function allIsHeard(): Promise<void> {
  const broker = await connectBroker({ url: rig.nats.url, name: 'test', log: silentLog });
  const isSo = async () => {
    const [left] = await sql<{ n: number }>('SELECT count(*)::int AS n FROM outbox.fact WHERE stream_sequence IS NULL');
    const consumers = [...(await broker.consumers(factStream.name)).values()];
    return left?.n === 0 && consumers.length > 0 && consumers.every((one) => one.pending + one.inFlight === 0);
  };
  try {
    await until(isSo, { within: 60_000, what: 'everything to be heard' });
  } finally {
    await broker.close();
  }
}

async function isInStream(name: FactName, { orderId }: PlacedOrder): Promise<boolean> {
  const broker = await connectBroker({ url: rig.nats.url, name: 'test', log: silentLog });
  try {
    return (await broker.oldest(factStream.name, factSubject({ area: 'orders', name, key: orderId }))) !== null;
  } finally {
    await broker.close();
  }
}

async function check(): Promise<RestoreReport> {
  const database = openDatabase(rig.databaseUrl, { poolSize: 2 });
  const broker = await connectBroker({ url: rig.nats.url, name: 'test', log: silentLog });
  try {
    return await withTemporal((client) =>
      checkAfterRestore({ database, broker, client, cases: createRepairCaseStore }),
    );
  } finally {
    await broker.close();
    await database.close();
  }
}

const shown = async ({ orderId }: PlacedOrder) =>
  (
    await sql<{ progress: string; waits: readonly string[]; tracking: string | null }>(
      'SELECT progress, waits_for AS waits, tracking_number AS tracking FROM customer_status.order WHERE order_id = $1',
      [orderId],
    )
  )[0];

/** The facts of an order as its timeline has them, in the order of their places. */
const heard = async ({ orderId }: PlacedOrder) =>
  sql<{ name: string; epoch: number; sequence: number }>(
    'SELECT name, epoch::int, sequence::int FROM order_timeline.fact WHERE order_id = $1 ORDER BY epoch, sequence',
    [orderId],
  );

async function expectNoGap(order: PlacedOrder): Promise<void> {
  const facts = await heard(order);
  for (const epoch of new Set(facts.map((fact) => fact.epoch))) {
    const sequences = facts.filter((fact) => fact.epoch === epoch).map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  }
}

const casesOf = () =>
  sql<{ id: string; state: string; message: string }>(
    `SELECT case_id AS id, state, message FROM repair.case WHERE consumer = 'restore-check' ORDER BY case_id`,
  );

const toldRestored = async () =>
  (await sql<{ key: string }>(`SELECT key FROM outbox.fact WHERE name = 'order-restored'`)).length;

/** Puts the servers back, checks twice, and runs everything until both old orders stand where they stood at last. */
async function restoredTo(moments: Moments<Moment>): Promise<RestoreReport> {
  await copies.putBack({ postgres: 'late', nats: 'late', temporal: 'late', ...moments });
  const report = await check();
  const [told, cases] = [await toldRestored(), (await casesOf()).length];
  expect(await check()).toMatchObject({ keys: [], epoch: report.epoch + 1 });
  expect([await toldRestored(), (await casesOf()).length]).toEqual([told, cases]);
  await whileRunning(everything, async () => {
    await isIn(done, 'completed');
    await isIn(held, 'held');
    await noneRunsButHeld();
    await allIsHeard();
  });
  return report;
}

/** Also those that Temporal began again. */
const noneRunsButHeld = () =>
  withTemporal((client) =>
    until(
      async () => {
        const running: string[] = [];
        for await (const { workflowId } of client.workflow.list({
          query: `WorkflowType = 'orderMediator' AND ExecutionStatus = 'Running'`,
        }))
          running.push(workflowId);
        return JSON.stringify(running) === JSON.stringify([held.workflowId]);
      },
      { within: 60_000, what: 'the held order alone to run' },
    ),
  );

/** Nothing outside has happened twice, and whoever listens knows where both orders are. */
async function expectAllIsWell(): Promise<void> {
  for (const order of [done, held]) {
    expect(rig.cardGateway.charges(order.orderId)).toHaveLength(1);
    await expectNoGap(order);
  }
  const [booking, ...more] = rig.carrier.bookings(done.orderId);
  expect(more).toEqual([]);
  expect(await shown(done)).toEqual({ progress: 'on its way', waits: [], tracking: booking?.trackingNumber });
  expect(await shown(held)).toEqual({ progress: 'packed', waits: ['another address'], tracking: null });
}

beforeAll(async () => {
  rig = await openRig({
    temporal: 'own',
    nats: true,
    cardGateway: true,
    supplier: true,
    carrier: true,
    smtpSink: true,
    env: reconcileEverySecond,
  });
  copies = createCopies<Moment>(rig);
  await whileRunning(withoutPayment, async () => {
    [done, held] = [await place(), await place({ shipTo: toNowhere })];
    for (const { orderId } of [done, held])
      await until(async () => (await sql('SELECT FROM outbox.fact WHERE key = $1', [orderId])).length === 3, {
        what: 'all of step 2 but the charge',
        within: 60_000,
      });
    await allIsHeard();
  });
  await copies.take('early');
  await whileRunning(everything, async () => {
    await isIn(done, 'completed');
    await isIn(held, 'held');
    await allIsHeard();
  });
  await copies.take('middle');
  await whileRunning(everything, async () => {
    last = await place();
    await isIn(last, 'completed');
    await allIsHeard();
  });
  await copies.take('late');
});
afterAll(() => rig?.close());

describe('a shop that is put back to different moments', () => {
  it('PostgreSQL alone: its orders are carried on with one charge and one shipment, and listeners are told', async () => {
    const { keys, workflows } = await restoredTo({ postgres: 'early' });
    const caseOf = (order: PlacedOrder) => keys.find(({ key }) => key === order.orderId);
    expect(caseOf(done)).toMatchObject({ state: 'open', caseId: null });
    expect(caseOf(done)?.lost).toEqual(expect.arrayContaining(['payment-applied', 'order-shipped', 'order-completed']));
    expect(caseOf(held)).toMatchObject({ state: 'open', caseId: null });
    expect(caseOf(last)).toMatchObject({ state: 'unknown', caseId: `restore-check-2-${last.orderId}` });
    expect(Object.fromEntries(workflows.map(({ orderId, is }) => [orderId, is]))).toEqual({
      [done.orderId]: 'completed',
      [held.orderId]: 'running',
      [last.orderId]: 'unknown',
    });
    await expectAllIsWell();
    expect(await shown(last)).toMatchObject({ progress: 'received', waits: ['a check by the shop'] });
    const told = await heard(done);
    expect(told.find(({ epoch, sequence }) => epoch === 2 && sequence === 1)?.name).toBe('order-restored');
    const open = await casesOf();
    expect(open.map(({ id, state }) => [id, state])).toEqual([[`restore-check-2-${last.orderId}`, 'waiting']]);
    expect(open[0]?.message).toContain('The shop has no such order.');
  });

  it('JetStream alone: what it lacks is published again, and nobody hears anything twice', async () => {
    const report = await restoredTo({ nats: 'early' });
    expect(report.keys).toEqual([]);
    await expectAllIsWell();
    expect(new Set((await heard(done)).map(({ epoch }) => epoch))).toEqual(new Set([1]));
    expect(await isInStream('order-completed', last)).toBe(true);
    expect(await shown(last)).toMatchObject({ progress: 'on its way', waits: [] });
    expect(await casesOf()).toEqual([]);
  });

  it('Temporal alone: its old workflows do nothing a second time, and the order that is held is held once', async () => {
    const mails = (await rig.smtpSink.mails()).length;
    const report = await restoredTo({ temporal: 'early' });
    expect(report.keys).toEqual([]);
    expect(report.workflows.map(({ orderId, is }) => [orderId, is])).toEqual([
      [held.orderId, 'running'],
      [done.orderId, 'finished'],
    ]);
    await expectAllIsWell();
    expect((await heard(done)).map(({ epoch }) => epoch)).not.toContain(2);
    expect((await rig.smtpSink.mails()).length).toBe(mails);
    expect(await casesOf()).toEqual([]);
  });

  it('all three: an order that Temporal alone knows is a case, and the others are carried on', async () => {
    const { keys } = await restoredTo({ postgres: 'early', nats: 'middle', temporal: 'late' });
    expect(keys.find(({ key }) => key === last.orderId)).toMatchObject({ lost: [], state: 'unknown' });
    await expectAllIsWell();
    expect((await casesOf()).map(({ id }) => id)).toEqual([`restore-check-2-${last.orderId}`]);
  });

  it('the command says what it has found and done', async () => {
    await copies.putBack({ postgres: 'early', nats: 'late', temporal: 'late' });
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', join(checkout, 'workers', 'restore-check.ts')],
      { cwd: checkout, env: { ...process.env, ...rig.env } },
    );
    expect(stdout).toContain('Facts are counted in epoch 2 from now on; each key begins at 1 again.');
    expect(stdout).toContain(`${held.orderId}: its workflow was ended; the reconciler starts another one.`);
    expect(stdout).toMatch(
      new RegExp(`${last.orderId}: lost here are order-created.*unknown.* Case restore-check-2-${last.orderId}\\.`),
    );
    expect(stdout).toContain('Then look at the repair desk: 1 case waits there.');
  });
});
