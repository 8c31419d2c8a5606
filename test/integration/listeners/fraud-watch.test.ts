import { headers as natsHeaders } from 'nats';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RunningComponent } from '../../../broker-bridge/component.ts';
import type { FactBodies } from '../../../contracts/fact-bodies.ts';
import { factStream, type FactName } from '../../../contracts/facts.ts';
import { factCatalogue } from '../../../contracts/schemas/facts.ts';
import { openBridge, type Bridge } from '../../support/bridge.ts';
import { until } from '../../support/until.ts';

let bridge: Bridge;
let part: RunningComponent;

beforeAll(async () => {
  bridge = await openBridge();
  bridge.startRelay();
  part = await bridge.startListener('fraud-watch');
});

afterAll(() => bridge?.rig.close());

/** A customer of each test's own. */
let customer = 'c-0';
let customers = 0;
beforeEach(() => {
  customers += 1;
  customer = `c-${customers}`;
});

/** An instant so many minutes after ten o'clock: the facts say when they were, and no test waits for it. */
const minute = (n: number): string => new Date(Date.parse('2026-11-23T10:00:00Z') + n * 60_000).toISOString();

async function tell<Name extends FactName>(
  name: Name,
  orderId: string,
  at: string,
  changes: Partial<FactBodies[Name]> = {},
): Promise<void> {
  const body = JSON.stringify({ ...factCatalogue[name].example, orderId, ...changes });
  const client = await bridge.sql.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SELECT outbox.record_fact('orders', $1, $2, $3::jsonb)`, [name, orderId, body]);
    const last = 'SELECT max(position) FROM outbox.fact WHERE key = $2';
    await client.query(`UPDATE outbox.fact SET time = $1 WHERE position = (${last})`, [at, orderId]);
    await client.query('COMMIT');
    await client.query('NOTIFY outbox');
  } finally {
    client.release();
  }
}

const create = (orderId: string, customerId = customer) => tell('order-created', orderId, minute(0), { customerId });
const decline = (orderId: string, minutes: number) => tell('payment-denied', orderId, minute(minutes));

const rowsOf = async <Row extends object>(text: string, values: readonly unknown[] = []) =>
  (await bridge.sql.query<Row>(text, [...values])).rows;

/** Every fact of an order has been published, and the listener is done with all of them. */
const allHeard = () =>
  until(
    async () => {
      if ((await bridge.unpublished()) > 0) return false;
      const management = await bridge.nats.jetstreamManager();
      const { num_ack_pending: unacknowledged, num_pending: waiting } = await management.consumers.info(
        factStream.name,
        'fraud-watch',
      );
      return unacknowledged + waiting === 0;
    },
    { what: 'every fact to be heard' },
  );

async function suspicions(customerId = customer): Promise<readonly FactBodies['fraud-suspected'][]> {
  const text = `SELECT body FROM outbox.fact WHERE name = 'fraud-suspected' AND key = $1 ORDER BY sequence`;
  return (await rowsOf<{ body: FactBodies['fraud-suspected'] }>(text, [customerId])).map(({ body }) => body);
}

const told = (times: number, customerId = customer) =>
  until(async () => (await suspicions(customerId)).length >= times, { what: `suspicion ${times} of ${customerId}` });

test('three cards declined for one customer within ten minutes, across orders, are told once', async () => {
  await create('ord-a1');
  await create('ord-a2');
  await decline('ord-a1', 1);
  await decline('ord-a2', 5);
  await allHeard();
  await decline('ord-a1', 11);
  await told(1);
  await decline('ord-a2', 11);
  await allHeard();
  expect(await suspicions()).toEqual([
    { customerId: customer, orderIds: ['ord-a1', 'ord-a2'], declinedSince: '2026-11-23T10:01:00.000000Z', declines: 3 },
  ]);
  const [fact] = await rowsOf<{ cause: string; area: string }>(
    `SELECT told.area, cause.key AS cause FROM outbox.fact AS told JOIN outbox.fact AS cause ON cause.id::text = told.causation_id
     WHERE told.key = $1 AND told.name = 'fraud-suspected'`,
    [customer],
  );
  expect(fact).toEqual({ area: 'customers', cause: 'ord-a1' });
});

test('a third one after the window is no suspicion, and counts for the next', async () => {
  await create('ord-b');
  for (const minutes of [0, 5, 10.1]) await decline('ord-b', minutes);
  await allHeard();
  expect(await suspicions()).toEqual([]);
  await decline('ord-b', 14);
  await told(1);
  expect(await suspicions()).toMatchObject([{ declinedSince: '2026-11-23T10:05:00.000000Z', declines: 3 }]);
});

test('a new burst after the window is told again, and needs three declines of its own', async () => {
  await create('ord-c');
  for (const minutes of [0, 1, 2, 9]) await decline('ord-c', minutes);
  await told(1);
  for (const minutes of [11, 12]) await decline('ord-c', minutes);
  await allHeard();
  expect(await suspicions()).toHaveLength(1);
  await decline('ord-c', 13);
  await told(2);
  expect((await suspicions())[1]).toMatchObject({ declinedSince: '2026-11-23T10:11:00.000000Z' });
});

test('two customers whose declines are interleaved are told apart', async () => {
  const other = `${customer}-other`;
  await create('ord-d1');
  await create('ord-d2', other);
  for (const minutes of [0, 1]) {
    await decline('ord-d1', minutes);
    await decline('ord-d2', minutes);
  }
  await allHeard();
  expect([await suspicions(), await suspicions(other)]).toEqual([[], []]);
  await decline('ord-d2', 2);
  await told(1, other);
  expect([(await suspicions()).length, (await suspicions(other))[0]?.orderIds]).toEqual([0, ['ord-d2']]);
});

test('declines of many orders that are heard at the same time see each other', async () => {
  const orders = Array.from({ length: 12 }, (_, index) => `ord-e${index}`);
  await Promise.all(orders.map((orderId) => create(orderId)));
  await allHeard();
  await Promise.all(orders.map((orderId, index) => decline(orderId, index / 2)));
  await told(1);
  await allHeard();
  expect(await suspicions()).toHaveLength(1);
});

test('a listener that is stopped in the midst of a window goes on with it', async () => {
  await create('ord-f');
  for (const minutes of [0, 1]) await decline('ord-f', minutes);
  await allHeard();
  await part.stop();
  await decline('ord-f', 2);
  part = await bridge.startListener('fraud-watch');
  await told(1);
  expect(await suspicions()).toMatchObject([{ declines: 3 }]);
});

test('facts that are delivered again count once', async () => {
  await create('ord-g');
  for (const minutes of [0, 1]) await decline('ord-g', minutes);
  await allHeard();
  expect(await publishAgain('ord-g')).toBe(3);
  await allHeard();
  expect(await suspicions()).toEqual([]);
  await decline('ord-g', 2);
  await told(1);
  expect(await suspicions()).toMatchObject([{ declines: 3 }]);
});

/** Publishes every fact of the key once more, without the id by which the stream knows a repeat. */
async function publishAgain(key: string): Promise<number> {
  const management = await bridge.nats.jetstreamManager();
  const { state } = await management.streams.info(factStream.name);
  let copies = 0;
  for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
    const { subject, data, header } = await management.streams.getMessage(factStream.name, { seq });
    if (!subject.endsWith(`.${key}`)) continue;
    const copied = natsHeaders();
    for (const name of header.keys()) if (name !== 'Nats-Msg-Id') copied.set(name, header.get(name));
    await bridge.nats.jetstream().publish(subject, data, { headers: copied });
    copies += 1;
  }
  return copies;
}

const left = async (table: string, column: string) =>
  (await rowsOf<{ id: string }>(`SELECT DISTINCT ${column} AS id FROM fraud_watch.${table} ORDER BY 1`)).map(
    ({ id }) => id,
  );

test('what is of no use any more is removed', async () => {
  await create('ord-h');
  await decline('ord-h', 0);
  await allHeard();
  await tell('order-cancelled', 'ord-h', minute(1));
  await create('ord-i', `${customer}-later`);
  await decline('ord-i', 2 * 24 * 60);
  await allHeard();
  expect(await left('decline', 'order_id')).toEqual(['ord-i']);
  expect(await left('customer', 'customer_id')).toEqual([`${customer}-later`]);
  expect(await left('order', 'order_id')).not.toContain('ord-h');
  expect(await left('order', 'order_id')).toContain('ord-i');
});
