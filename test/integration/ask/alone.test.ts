import { Client, Connection } from '@temporalio/client';
import { connect, headers, type NatsConnection } from 'nats';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { askBy, collectReplies, numbersOf, ways } from '../../support/asking.ts';
import { holdTables } from '../../support/hold-tables.ts';
import { openRig, type Rig } from '../../support/rig.ts';
import { launchWorker, type WorkerProcess } from '../../support/rig/worker.ts';
import { anOrder } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

/* The process that answers is there, and nothing else: no mediator, no processor. */

let rig: Rig;
let nats: NatsConnection;
let sql: pg.Pool;
let temporal: Client;
beforeAll(async () => {
  rig = await openRig({ temporal: true, nats: true });
  nats = await connect({ servers: rig.nats.url });
  rig.onClose(() => nats.close());
  sql = new pg.Pool({ connectionString: rig.databaseUrl, max: 2 });
  rig.onClose(() => sql.end());
  const connection = await Connection.connect({ address: rig.temporal.address });
  rig.onClose(() => connection.close());
  temporal = new Client({ connection, namespace: rig.temporal.namespace });
});
afterAll(() => rig.close());

/** A process that ends with its test. */
async function startAsk(env: NodeJS.ProcessEnv = {}): Promise<WorkerProcess> {
  const worker = await launchWorker(['ask'], { ...rig.env, ...env }, rig.folder);
  onTestFinished(() => worker.stop());
  return worker;
}

const stock = { isbns: ['9780134685991'] };

/** Keeps every answer of `stock` back until the returned function is called. */
async function holdStock(): Promise<() => Promise<void>> {
  const release = await holdTables(sql, ['inventory.stock']);
  onTestFinished(release);
  return release;
}

const stockIsHeld = () =>
  until(
    async () => {
      const query = `SELECT FROM pg_locks WHERE NOT granted AND relation = 'inventory.stock'::regclass
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
      return (await sql.query(query)).rowCount;
    },
    { what: 'a question that waits for the table of stock' },
  );

describe.each(ways)('by %s, without a mediator', (way) => {
  it('place-order says at its deadline that nothing is known, and how to ask again', async () => {
    await startAsk();
    const order = anOrder({ requestId: `ask-late-${ways.indexOf(way)}` });
    const { error, code } = await askBy(nats, way, 'place-order', order, { 'deadline-ms': '1500' });
    expect({ code, kind: error?.['kind'] }).toEqual({ code: '504', kind: 'not-known' });
    const message = String(error?.['message']);
    expect(message).toContain('It is not known whether the order was accepted: no answer within 1.5 s.');
    expect(message).toContain(`Ask again with the same content and requestId ${order.requestId}:`);
  });
});

/** Publishes a question by hand. */
function publish(question: string, body: unknown, options: { reply?: string; id?: string } = {}): void {
  const named = headers();
  if (options.id) named.set('correlation-id', options.id);
  const reply = options.reply ? { reply: options.reply } : {};
  nats.publish(`orders.ask.${question}`, JSON.stringify(body), { ...reply, headers: named });
}

const isStarted = async (requestId: string): Promise<boolean> =>
  temporal.workflow
    .getHandle(`order/${requestId}`)
    .describe()
    .then(() => true)
    .catch(() => false);

it('a question without a reply subject, or with one of ours, is ignored: nothing is done', async () => {
  const worker = await startAsk();
  publish('place-order', anOrder({ requestId: 'ask-silent-1' }));
  const seen: string[] = [];
  const watching = nats.subscribe('customer.event.>', { callback: (_none, { subject }) => void seen.push(subject) });
  const ours = ['customer.event.place-order', '$JS.API.STREAM.PURGE.FACTS', 'orders.ask.stock', 'orders.fact.x.y'];
  ours.forEach((reply, at) => publish('place-order', anOrder({ requestId: `ask-silent-${at + 2}` }), { reply }));
  const [numbers] = await until(async () => {
    const found = await numbersOf(nats, 'place-order');
    return found[0]?.ignored === 5 && found;
  });
  expect(numbers).toMatchObject({ requests: 5, answered: 0, refused: 0, faults: 0 });
  expect(await askBy(nats, 'a temporary inbox', 'stock', stock)).toMatchObject({ code: '' });
  for (const at of [1, 2, 3, 4, 5]) expect(await isStarted(`ask-silent-${at}`)).toBe(false);
  expect(seen).toEqual([]);
  watching.unsubscribe();
  worker.check();
});

it('a reply that nobody waits for does no harm', async () => {
  const worker = await startAsk();
  publish('stock', stock, { reply: 'replies.of.nobody', id: 'gone' });
  await until(async () => (await numbersOf(nats, 'stock'))[0]?.answered === 1);
  expect(await askBy(nats, 'a shared reply queue', 'stock', stock)).toMatchObject({ code: '' });
  worker.check();
});

it('many questions on one reply subject are told apart by their correlation ids', async () => {
  await startAsk();
  const { replyTo, replies, close } = collectReplies(nats);
  const ids = Array.from({ length: 50 }, (_, at) => `id-${at}`);
  for (const [at, id] of ids.entries()) publish('stock', { isbns: [isbnAt(at)] }, { reply: replyTo, id });
  await until(() => replies.length === ids.length);
  for (const [at, id] of ids.entries()) {
    const mine = replies.filter(({ correlationId }) => correlationId === id);
    expect(mine.map(({ body }) => body)).toEqual([{ titles: [{ isbn: isbnAt(at), onHand: null }] }]);
  }
  close();
});

/** ISBNs that the shop does not keep. */
function isbnAt(at: number): string {
  const body = `97900000${String(at).padStart(4, '0')}`;
  const sum = Array.from(body, Number).reduce((total, digit, index) => total + digit * (index % 2 === 0 ? 1 : 3), 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

it('told to stop, a process answers what is under way, and takes nothing new', async () => {
  const leaving = await startAsk();
  const release = await holdStock();
  const asking = askBy(nats, 'a temporary inbox', 'stock', stock);
  await stockIsHeld();
  const ended = leaving.stop();
  const refused = await until(async () => {
    const question = nats.request('orders.ask.stock', JSON.stringify(stock), { timeout: 100 });
    const code = await question.then(
      () => '',
      (error: unknown) => (error as { readonly code: string }).code,
    );
    return code === '503' && code;
  });
  expect(refused).toBe('503');
  await release();
  expect(await asking).toMatchObject({ code: '', body: { titles: [{ isbn: stock.isbns[0] }] } });
  await ended;
  expect(await leaving.exited).toBe(0);
});

it('what is not answered when the grace is over is told so, with how to ask again', async () => {
  const leaving = await startAsk({ WORKER_SHUTDOWN_GRACE: '1 s' });
  const release = await holdStock();
  const asking = askBy(nats, 'a shared reply queue', 'stock', stock);
  await stockIsHeld();
  const ended = leaving.stop();
  const { code, error } = await asking;
  expect({ code, kind: error?.['kind'] }).toEqual({ code: '504', kind: 'not-known' });
  expect(error?.['message']).toContain('is stopping');
  await release();
  await ended;
  expect(await leaving.exited).toBe(0);
});

it('when NATS was away, questions are answered again as soon as it is back', async () => {
  const worker = await startAsk();
  expect(await askBy(nats, 'a temporary inbox', 'stock', stock)).toMatchObject({ code: '' });
  await rig.nats.kill();
  await rig.nats.start();
  const again = () => nats.request('orders.ask.stock', JSON.stringify(stock), { timeout: 1_000 });
  const reply = await until(again, { within: 30_000, what: 'an answer after the outage' });
  expect(reply.json()).toMatchObject({ titles: [{ isbn: stock.isbns[0] }] });
  worker.check();
});
