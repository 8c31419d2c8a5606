import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { objects, runCommandLine } from '../../support/command-line.ts';
import { runPython } from '../../support/nats-py.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

let shop: Shop;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'examples-'));
  shop = await openShop({}, [['order-mediator', 'mediators', 'processors', 'relay', 'intake', 'listeners']]);
});
afterAll(async () => {
  await shop.close();
  await rm(folder, { recursive: true });
});

const example = (name: string) => join(import.meta.dirname, '../../../docs/examples', `${name}.json`);

const send = async (file: string) => objects(await runCommandLine(shop.rig.env, 'send', file, '--json'));

const one = [{ sent: 1, acknowledged: 1, refused: 0 }];

interface Row {
  readonly state: string;
  readonly class: string;
  readonly outcome: string | null;
}

/** The row of an example's event, as soon as it is in this state. */
const rowIn = (name: string, state: string) =>
  until(
    async () => {
      const text = `SELECT state, mediator_class AS class, outcome FROM mediator_store.initiating_event WHERE name = $1`;
      const rows = await shop.sql<Row>(text, [name]);
      return rows.length === 1 && rows[0]?.state === state && rows[0];
    },
    { within: 60_000, what: `one row of ${name} that is ${state}` },
  );

test('the examples work as they are on the seeded shop, and one that is sent twice is one event', async () => {
  const simple = ['customer-registered', 'address-changed', 'customer-unreachable', 'email-changed'];
  for (const name of [...simple, 'place-order', 'place-order']) expect(await send(example(name))).toEqual(one);
  for (const name of simple) expect(await rowIn(name, 'complete')).toMatchObject({ class: 'simple' });
  expect(await rowIn('place-order', 'complete')).toMatchObject({ class: 'hard', outcome: 'completed' });
  const orders = await shop.sql(`SELECT FROM mediator_store.flow WHERE request_id = 'example-order-1'`);
  expect(orders).toHaveLength(1);
});

test('the producer in Python puts an example into the queue, where it is the same event', async () => {
  const { code, printed, noted } = await runPython('producer.py', [example('place-order')], shop.rig.env);
  expect({ code, noted }).toEqual({ code: 0, noted: '' });
  expect(printed).toMatch(/^kept as \d+$/);
});

test('the example of a return works with the id of a completed order in it', async () => {
  const [order] = await shop.sql<{ id: string }>(
    `SELECT order_id AS id FROM mediator_store.flow WHERE request_id = 'example-order-1'`,
  );
  const text = await readFile(example('return-requested'), 'utf8');
  const file = join(folder, 'return-requested.json');
  await writeFile(file, text.replace('ord-0123456789abcdef0123', order?.id ?? ''));
  expect(await send(file)).toEqual(one);
  expect(await rowIn('return-requested', 'started')).toMatchObject({ class: 'complex' });
  await until(async () => (await shop.sql('SELECT FROM returns.return')).length === 1, {
    what: 'the return to be open',
  });
});

test('classes counts them by the class of their mediator', async () => {
  const classes = objects(await runCommandLine(shop.rig.env, 'classes', '--json'));
  expect(classes).toMatchObject([
    { mediatorClass: 'simple', events: 4, states: { complete: 4 }, p50: expect.any(Number) },
    { mediatorClass: 'hard', events: 1, states: { complete: 1 } },
    { mediatorClass: 'complex', events: 1, states: { started: 1 }, p50: null },
  ]);
});
