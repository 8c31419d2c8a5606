import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { changePrice } from '../../../app/change-price.ts';
import { openBroker } from '../../../app/nats.ts';
import { placeOrder } from '../../../app/place.ts';
import { listenToFacts } from '../../../broker-bridge/facts/listen.ts';
import { followPrices } from '../../../broker-bridge/facts/prices.ts';
import { encodeEvent } from '../../../broker-bridge/intake/encode-event.ts';
import { inboxOf } from '../../../broker-bridge/nats/users.ts';
import type { StackPorts } from '../../../config/config.ts';
import { loadOrderPolicy } from '../../../config/order-policy.ts';
import { supplierDeliveries } from '../../../contracts/outside/supplier-deliveries.ts';
import type { OrderPolicy } from '../../../contracts/mediators/order-policy.ts';
import type { PlaceOrder } from '../../../contracts/place-order.ts';
import { checkout } from '../../../stack/binaries.mjs';
import { runPython } from '../../support/nats-py.ts';
import { anOrder } from '../../support/shop.ts';
import { freeStackPorts, startSystemProcess, type SystemProcess } from '../../support/system.ts';
import { until } from '../../support/until.ts';

const root = mkdtempSync(join(tmpdir(), 'order-mediator-permissions-'));
const folder = join(root, 'stack');
let ports: StackPorts;
let system: SystemProcess;
let database: pg.Client;
let client: Client;

beforeAll(async () => {
  ports = await freeStackPorts();
  system = await startSystemProcess(folder, ports);
  database = new pg.Client(`postgresql://postgres:postgres@127.0.0.1:${ports.postgres}/order_mediator`);
  await database.connect();
  client = new Client({ connection: await Connection.connect({ address: `127.0.0.1:${ports.temporal}` }) });
});
/** A connection that has nothing to do is closed after ten seconds, so each test looks. */
const usersSeen = new Set<string>();
afterEach(async () => {
  const { rows } = await database.query<{ user: string }>(
    `SELECT DISTINCT usename::text AS user FROM pg_stat_activity WHERE datname = 'order_mediator' AND pid <> pg_backend_pid()`,
  );
  for (const { user } of rows) usersSeen.add(user);
});
afterAll(async () => {
  await Promise.all([database.end(), client.connection.close()]);
  await system.stop();
  rmSync(root, { recursive: true, force: true });
});

const clientEnvironment = () => parseEnv(readFileSync(join(folder, 'env', 'client.env'), 'utf8'));
const natsLog = () => readFileSync(join(folder, 'nats', 'nats.log'), 'utf8');

/** The facts of the order that the order-timeline keeps. */
const timelineOf = async ({ requestId }: PlaceOrder) => {
  const { rows } = await database.query<{ name: string }>(
    `SELECT name FROM order_timeline.fact JOIN mediator_store.flow USING (order_id) WHERE request_id = $1`,
    [requestId],
  );
  return rows.map(({ name }) => name);
};

const place = (event: PlaceOrder, policy: OrderPolicy = loadOrderPolicy({})) =>
  placeOrder({ client, event, policy, deadlineMs: 60_000 });

const completed = (order: PlaceOrder) =>
  until(async () => (await timelineOf(order)).includes('order-completed'), {
    within: 60_000,
    what: `${order.requestId} to be completed`,
  });

it('an order passes through all processes, and its facts reach the listeners and a listener outside', async () => {
  const outside = await openBroker({ env: clientEnvironment(), identity: 'outside-listener', note: () => undefined });
  const hearing = new AbortController();
  const heard: string[] = [];
  const listening = (async () => {
    for await (const { name } of listenToFacts({ broker: outside, since: 'all', signal: hearing.signal }))
      heard.push(name);
  })();
  const order = anOrder();
  await place(order);
  await completed(order);
  await until(() => heard.includes('order-completed'));
  const counted = await until(
    async () => (await database.query(`SELECT mails FROM email_analytics.mails_per_day`)).rowCount,
  );
  expect(counted).toBeGreaterThan(0);
  hearing.abort();
  await listening;
  await outside.close();
});

it('an order of the queue passes, and so does one that a rule has to repair first', async () => {
  const producer = await openBroker({ env: clientEnvironment(), identity: 'producer', note: () => undefined });
  const [good, broken] = [anOrder(), anOrder()];
  const send = (order: PlaceOrder, data: object) =>
    producer.publish(encodeEvent({ id: order.requestId, source: 'shop', type: 'place-order', data }));
  await send(good, good);
  await send(broken, { ...broken, lines: broken.lines.map(({ isbn }) => ({ isbn, quantity: '1 EACH' })) });
  await Promise.all([completed(good), completed(broken)]);
  await producer.close();
  const { rows } = await database.query<{ state: string }>('SELECT state FROM repair.case');
  expect(rows).toEqual([{ state: 'repaired' }]);
});

it('the examples in Python ask and produce with the logins of the client, each with the inbox of its user', async () => {
  const env = clientEnvironment();
  const as = (user: string) => ({
    ...process.env,
    NATS_URL: env[`NATS_URL_${user.toUpperCase()}`],
    NATS_INBOX_PREFIX: inboxOf(user),
  });
  const stock = ['stock', JSON.stringify({ isbns: ['9780134685991'] })];
  const event = join(checkout, 'docs/examples/customer-registered.json');
  const ended = await Promise.all([
    runPython('ask.py', stock, as('asker')),
    runPython('ask.py', [...stock, 'queue'], as('asker')),
    runPython('producer.py', [event], as('producer')),
  ]);
  expect(ended.map(({ code, noted }) => ({ code, noted }))).toEqual(ended.map(() => ({ code: 0, noted: '' })));
});

it('a price is kept by its listener, and read by a listener outside', async () => {
  const outside = await openBroker({ env: clientEnvironment(), identity: 'outside-listener', note: () => undefined });
  const price = { amount: 2100, currency: 'EUR' } as const;
  const asked = { isbn: '9780134685991', price, requestId: 'price-0001', deadlineMs: 60_000 };
  await changePrice({ client, ...asked });
  for await (const { fact } of followPrices({ broker: outside, isbns: [asked.isbn] })) {
    expect(fact.body.price).toEqual(price);
    break;
  }
  await outside.close();
});

it('a low title is re-ordered by listeners, and the supplier’s delivery comes in by an event', async () => {
  const isbn = '9780132350884';
  await database.query('UPDATE inventory.stock SET on_hand = 41 WHERE isbn = $1', [isbn]);
  await place(anOrder({ lines: [{ isbn, quantity: 1 }] }), { ...loadOrderPolicy({}), reorderedBy: 'listeners' });
  const closed = `SELECT FROM warehouse.purchase_order WHERE isbn = $1 AND state = 'closed'`;
  await until(async () => (await database.query(closed, [isbn])).rowCount, { within: 60_000, what: 'the delivery' });
  const administrator = parseEnv(readFileSync(join(folder, 'env', 'administrator.env'), 'utf8'));
  const broker = await openBroker({ env: administrator, identity: 'administrator', note: () => undefined });
  const isTaken = async () => {
    const deliveries = await broker.streamInfo(supplierDeliveries.stream);
    return deliveries !== null && deliveries.lastSequence > 0 && deliveries.messages === 0;
  };
  await until(isTaken, { within: 30_000, what: 'the delivery to be told and taken' });
  await broker.close();
});

it('no process asks NATS for what it may not have', () => {
  const refused = natsLog()
    .split('\n')
    .filter((line) => line.includes('Violation'));
  // The client makes the queue where it may; as a producer it may not even ask.
  expect(refused.filter((line) => !line.includes('user:producer'))).toEqual([]);
});

it('no process asks PostgreSQL for what it may not have, and each is a user of its own', async () => {
  const log = readFileSync(join(folder, 'postgres', 'postgres.log'), 'utf8');
  expect(
    log.split('\n').filter((line) => /permission denied|must be (owner|superuser)|row-level security/.test(line)),
  ).toEqual([]);
  const users = [...usersSeen];
  expect(users).toEqual(expect.arrayContaining(['order-mediator', 'mediators', 'processors', 'relay', 'intake']));
  expect(users).toEqual(expect.arrayContaining(['listener-order-timeline', 'listener-email-analytics']));
  expect(users).not.toContain('postgres');
});

it('passwords are for their user alone, and each process has only its own', () => {
  const files = ['passwords.json', 'nats/nats.conf', ...readdirSync(join(folder, 'env')).map((file) => `env/${file}`)];
  expect(files.filter((file) => (statSync(join(folder, file)).mode & 0o077) !== 0)).toEqual([]);
  if (!existsSync('/proc/self/environ')) return;
  const passwords = JSON.parse(readFileSync(join(folder, 'passwords.json'), 'utf8')) as Record<string, string>;
  const known = (part: string) => {
    const pid = system.processes().find(({ name }) => name === part)?.pid;
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
    return Object.keys(passwords).filter((name) => environment.includes(passwords[name] ?? '-'));
  };
  const nats = (part: string) => known(part).filter((name) => name.startsWith('nats/'));
  expect(nats('relay')).toEqual(['nats/relay']);
  expect(nats('intake')).toEqual(['nats/intake']);
  expect(nats('mediators')).toEqual(['nats/workflow-processor']);
  expect(nats('dashboard')).toEqual(['nats/desk', 'nats/administrator']);
  expect(nats('smtp-sink')).toEqual(['nats/mail-server']);
  expect(nats('processors')).toEqual([]);
  expect(nats('order-mediator')).toEqual([]);
  expect(nats('listeners').every((name) => name.startsWith('nats/listener-'))).toBe(true);
  const postgres = (part: string) => known(part).filter((name) => name.startsWith('postgres/'));
  for (const name of ['order-mediator', 'mediators', 'processors', 'relay', 'intake', 'ask'])
    expect(postgres(name)).toEqual([`postgres/${name}`]);
  expect(postgres('dashboard')).toEqual(['postgres/desk', 'postgres/administrator']);
  expect(postgres('listeners').every((name) => name.startsWith('postgres/listener-'))).toBe(true);
  const withOwners = system
    .processes()
    .filter(({ pid }) => readFileSync(`/proc/${pid}/environ`, 'utf8').includes('postgres:postgres@'));
  expect(withOwners.map(({ name }) => name)).toEqual([]);
});
