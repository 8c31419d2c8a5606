import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { channels } from '../../../contracts/channels.ts';
import {
  customerBell,
  customerMediator,
  type CustomerRecords,
  type NextEvent,
  type SimpleEvent,
} from '../../../contracts/mediators/customer-mediator.ts';
import { openRig, type Rig } from '../../support/rig.ts';
import { until } from '../../support/until.ts';
import { workflowCode } from '../../../workers/workflow-code.ts';

/** The bells that are rung; ten thousand take some minutes. */
const bells = Number(process.env['BELLS'] ?? 500);
const customers = 20;

/**
 * The rows of a customer as numbers: so many were written, and so many are taken. No reconciler rings: a bell that is
 * passed over leaves the numbers apart for ever.
 */
interface Rows {
  written: number;
  taken: number;
  /** How often the records were asked. */
  asked: number;
}

let rig: Rig;
let client: Client;
const rows = new Map<string, Rows>();
const ends: (() => Promise<unknown>)[] = [];
let rung = 0;
const ringing: Promise<unknown>[] = [];

const ring = (customerId: string): Promise<unknown> =>
  client.workflow.signalWithStart(customerMediator.workflowType, customerBell(customerId));

/** Writes one more row, then rings, as the intake does. */
async function writeAndRing(customerId: string, own: Rows): Promise<void> {
  if (rung >= bells) return;
  rung += 1;
  own.written += 1;
  const one = ring(customerId);
  ringing.push(one);
  await one;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The instants, in turns: while the rows are read, at the very answer, and up to 12 ms behind it, when the run closes. */
const instants: readonly ((write: () => Promise<void>) => Promise<void>)[] = [
  (write) => write(),
  (write) => Promise.resolve(void write()),
  ...[0, 1, 2, 3, 4, 6, 8, 12].map((ms) => (write: () => Promise<void>) => Promise.resolve(void pause(ms).then(write))),
];

const event: SimpleEvent = {
  name: 'address-changed',
  origin: { via: 'queue', source: 'test', id: '1' },
  body: {
    customerId: 'c-1',
    address: { name: 'Jo', street: '1 Hill Road', city: 'Bergen', postcode: '5003', country: 'NO' },
  },
};

/** Mostly nothing is left, and the run closes; now and then there is a simple event, behind which a long run continues as new. */
const takeNext: CustomerRecords['takeNext'] = async ({ customerId }): Promise<NextEvent> => {
  const own = rows.get(customerId) as Rows;
  const seen = own.written;
  own.asked += 1;
  await instants[own.asked % instants.length]?.(() => writeAndRing(customerId, own));
  own.taken = Math.max(own.taken, seen);
  if (own.asked % 5 === 0) return { next: 'simple', event, delegated: [] };
  if (own.asked % 7 === 0) return { next: 'waits', waiting: ['x'], waitsFor: 'y', delegated: [] };
  return { next: 'nothing', delegated: [] };
};

beforeAll(async () => {
  rig = await openRig({ temporal: { settings: ['limit.historyCount.suggestContinueAsNew=8'] } });
  const { address, namespace } = rig.temporal;
  const connection = await Connection.connect({ address });
  rig.onClose(() => connection.close());
  client = new Client({ connection, namespace });
  const native = await NativeConnection.connect({ address });
  rig.onClose(() => native.close());
  const workflowBundle = await workflowCode(pino({ level: 'warn' }));
  const shared = { connection: native, namespace };
  const workers = await Promise.all([
    Worker.create({ ...shared, taskQueue: channels.customerMediator, workflowBundle, activities: { takeNext } }),
    Worker.create({
      ...shared,
      taskQueue: channels.orderPlacement,
      activities: { changeAddress: () => Promise.resolve({ attempt: 1 }) },
    }),
  ]);
  for (const worker of workers) {
    const ended = worker.run();
    ends.push(async () => {
      worker.shutdown();
      await ended;
    });
  }
}, 120_000);

afterAll(async () => {
  await Promise.all(ends.map((end) => end()));
  await rig.close();
});

it(`no bell is passed over that rings while a run reads, closes or continues as new`, async () => {
  const ids = Array.from({ length: customers }, (_, index) => `c-${index}`);
  for (const id of ids) rows.set(id, { written: 0, taken: 0, asked: 0 });
  // Each reading of the rows writes the next one, so that a bell that is passed over ends its customer's chain.
  for (const [id, own] of rows) await writeAndRing(id, own);
  await until(() => rung === bells, { within: 600_000, what: 'every bell to be rung' });
  const isBehind = () => ids.filter((id) => rows.get(id)?.taken !== rows.get(id)?.written);
  await until(() => isBehind().length === 0, { within: 60_000, what: 'every row to be taken' });
  await Promise.all(ringing);
  expect(rung).toBe(bells);
  const query = `WorkflowType = '${customerMediator.workflowType}' AND ExecutionStatus = 'ContinuedAsNew'`;
  await until(async () => (await client.workflow.count(query)).count > 0, { what: 'a run that continued as new' });
}, 1_200_000);
