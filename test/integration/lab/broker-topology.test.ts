import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import pg from 'pg';
import type { Broker } from '../../../broker-bridge/nats/broker.ts';
import { connectBroker } from '../../../broker-bridge/nats/connect.ts';
import { factStream } from '../../../contracts/facts.ts';
import { processorNames } from '../../../contracts/command-routes.ts';
import { beginOrder, launchProcessors, prepareTopology } from '../../../lab/broker-topology/launch.ts';
import { labStream } from '../../../lab/broker-topology/messages.ts';
import { labOrder } from '../../../lab/lab-order.ts';
import { openRig, type Rig } from '../../support/rig.ts';
import { silentLog } from '../../support/silent-log.ts';
import { until } from '../../support/until.ts';

let rig: Rig;
let broker: Broker;
let sql: pg.Client;

beforeAll(async () => {
  rig = await openRig({ nats: true, cardGateway: true, supplier: true, carrier: true, smtpSink: true });
  sql = new pg.Client({ connectionString: rig.databaseUrl });
  await sql.connect();
  rig.onClose(() => sql.end());
  broker = await connectBroker({ url: rig.nats.url, name: 'test', log: silentLog });
  rig.onClose(() => broker.close());
  const { build } = inject('servers');
  await prepareTopology(rig.databaseUrl, broker, build);
  rig.onClose((await launchProcessors(processorNames, rig.env, rig.folder, build)).stop);
  await rig.launchWorker('relay');
});

afterAll(() => rig?.close());

/** What was told about the order, sorted, with the kinds of its mails. */
async function told(orderId: string): Promise<readonly string[]> {
  const { rows } = await sql.query<{ name: string }>(
    `SELECT concat_ws(' ', name, body->>'kind') AS name FROM outbox.fact WHERE key = $1 ORDER BY 1`,
    [orderId],
  );
  return rows.map(({ name }) => name);
}

/** Every message of both streams has been done with. */
const allDone = () =>
  until(
    async () => {
      const unpublished = await sql.query(`SELECT FROM outbox.fact WHERE stream_sequence IS NULL`);
      const consumers = await Promise.all([factStream.name, labStream.name].map((name) => broker.consumers(name)));
      const open = consumers.flatMap((some) => [...some.values()]).map(({ pending, inFlight }) => pending + inFlight);
      return unpublished.rowCount === 0 && open.length > 0 && open.every((count) => count === 0);
    },
    { within: 30_000, what: 'every message to be done with' },
  );

const finished = [
  'email-sent confirmation',
  'email-sent ready-to-ship',
  'email-sent shipped',
  'inventory-updated',
  'order-created',
  'order-fulfilled',
  'order-shipped',
  'payment-applied',
];

test('an order goes from one processor to the next, and is charged, packed, shipped and written about once', async () => {
  const orderId = await beginOrder(broker, labOrder());
  await until(async () => (await told(orderId)).length >= finished.length, { within: 30_000, what: 'the last fact' });
  await allDone();
  expect(await told(orderId)).toEqual(finished);
  expect(rig.cardGateway.charges(orderId)).toHaveLength(1);
  expect(rig.carrier.underWay(orderId)).toHaveLength(1);
});

test('messages that come twice have their effects once', async () => {
  const orderId = await beginOrder(broker, labOrder());
  await until(async () => (await told(orderId)).length >= finished.length, { within: 30_000, what: 'the last fact' });
  await allDone();
  const heard = (await broker.consumerInfo(factStream.name, 'broker-topology-order-fulfillment'))?.acknowledgedTo ?? 0;
  for (const [stream, consumers] of [
    [factStream.name, await broker.consumers(factStream.name)],
    [labStream.name, await broker.consumers(labStream.name)],
  ] as const)
    for (const name of consumers.keys()) await broker.rewind(stream, name, null);
  await until(
    async () =>
      ((await broker.consumerInfo(factStream.name, 'broker-topology-order-fulfillment'))?.acknowledgedTo ?? 0) >= heard,
    { within: 30_000, what: 'everything to be heard again' },
  );
  await allDone();
  expect(await told(orderId)).toEqual(finished);
  expect(rig.cardGateway.charges(orderId)).toHaveLength(1);
  expect(rig.carrier.bookings(orderId)).toHaveLength(1);
  expect((await rig.smtpSink.mails()).filter(({ text }) => text?.includes(orderId))).toHaveLength(3);
});

test('after a declined card stock is taken and confirmed, and nobody does anything about it', async () => {
  const orderId = await beginOrder(broker, { ...labOrder(), card: 'card_denied' });
  await until(async () => (await told(orderId)).includes('payment-denied'), { what: 'the decline' });
  await allDone();
  expect(await told(orderId)).toEqual([
    'email-sent confirmation',
    'inventory-updated',
    'order-created',
    'payment-denied',
  ]);
  const waiting = await sql.query(`SELECT processor, name FROM broker_topology.heard WHERE order_id = $1 ORDER BY 1`, [
    orderId,
  ]);
  expect(waiting.rows).toEqual([
    { processor: 'notification', name: 'order-placed' },
    { processor: 'order-fulfillment', name: 'inventory-updated' },
    { processor: 'shipping', name: 'order-placed' },
  ]);
});
