import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { connect, type NatsConnection } from 'nats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askBy, discovery, numbersOf, statistics, ways, type Way } from '../../support/asking.ts';
import type { WorkerProcess } from '../../support/rig/worker.ts';
import { anOrder, openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

let shop: Shop;
let nats: NatsConnection;
let processes: readonly WorkerProcess[];
const answers: unknown[] = [];

beforeAll(async () => {
  shop = await openShop({}, [['order-mediator', 'processors', 'relay']]);
  processes = [await shop.rig.launchWorker('ask'), await shop.rig.launchWorker('ask')];
  nats = await connect({ servers: shop.rig.nats.url });
  shop.rig.onClose(() => nats.close());
});
afterAll(() => shop.close());

const asked = async (way: Way, question: string, body: unknown, headers: Readonly<Record<string, string>> = {}) => {
  const answer = await askBy(nats, way, question, body, headers);
  answers.push(answer);
  return answer;
};

const isbn = '9780134685991';
const card = 'card_ok_never_told';

describe.each(ways)('by %s', (way) => {
  it('place-order answers with the order id, and gives the same one to the same body', async () => {
    const order = anOrder({ requestId: `ask-${randomUUID()}` });
    const first = await asked(way, 'place-order', order);
    const { requestId } = order;
    const placed = { orderId: expect.stringMatching(/^ord-/), requestId, workflowId: `order/${requestId}` };
    expect(first).toMatchObject({ body: placed, code: '' });
    const again = await asked(way, 'place-order', order);
    expect(again.body).toEqual(first.body);
    expect(await shop.sql('SELECT FROM mediator_store.flow WHERE request_id = $1', [requestId])).toHaveLength(1);
  });

  it('order-status says what the order is now, without name and address', async () => {
    const order = anOrder({ requestId: `ask-${randomUUID()}` });
    const { body } = await asked(way, 'place-order', order);
    const { orderId } = body as { readonly orderId: string };
    const completed = await until(
      async () => {
        const status = (await asked(way, 'order-status', { orderId })).body as { readonly state: string };
        return status.state === 'completed' && status;
      },
      { within: 60_000, what: 'the order to be completed' },
    );
    expect(completed).toMatchObject({ orderId, customerId: 'c-1', step: 5, holds: [], reason: null, note: null });
    expect(completed).toHaveProperty('shipment.trackingNumber');
    expect(completed).toHaveProperty('total.currency', 'EUR');
    expect(JSON.stringify(completed)).not.toContain(order.shipTo.street);
  });

  it('stock says the free pieces in the order of the question, and null for a title that is not kept', async () => {
    const [row] = await shop.sql<{ n: number }>('SELECT on_hand AS n FROM inventory.stock WHERE isbn = $1', [isbn]);
    const { body } = await asked(way, 'stock', { isbns: ['9780000000002', isbn] });
    expect(body).toEqual({ titles: [{ isbn: '9780000000002', onHand: null }, { isbn, onHand: row?.n }] }); // prettier-ignore
  });

  it('a refusal has its sentence and its type', async () => {
    const unknown = await asked(way, 'place-order', anOrder({ lines: [{ isbn: '9780000000002', quantity: 1 }], card }));
    expect(unknown).toMatchObject({ code: '422', error: { kind: 'refused', type: 'UnknownTitle' } });
    expect(unknown.error?.['message']).toMatch(/^The order was refused: .* Nothing was stored\./);
    const order = anOrder({ card });
    await asked(way, 'place-order', order);
    const taken = await asked(way, 'place-order', { ...order, customerId: 'c-2' });
    expect(taken.error).toEqual({
      kind: 'request-id-taken',
      type: 'RequestIdTaken',
      message: `Request id ${order.requestId} is already used by another order request; choose another.`,
    });
    const nothing = await asked(way, 'order-status', { orderId: `ord-${'0'.repeat(20)}` });
    const message = `There is no order ord-${'0'.repeat(20)}.`;
    expect(nothing).toMatchObject({ code: '404', error: { kind: 'not-found', message } });
  });

  it('input is checked by the schemas of the command line, with every problem by its field', async () => {
    const order = await asked(way, 'place-order', { ...anOrder({ card }), currency: 'CHF', colour: 'red' });
    expect(order).toMatchObject({
      code: '400',
      error: {
        kind: 'bad-input',
        message: expect.stringMatching(/^The order cannot be placed: .*currency must be one of/),
        problems: [
          { field: 'currency', message: 'must be one of EUR, USD, GBP' },
          { field: 'colour', message: 'is not a field of an order' },
        ],
      },
    });
    const stock = await asked(way, 'stock', { isbns: [isbn, '123', isbn] });
    expect(stock.error).toMatchObject({ kind: 'bad-input', problems: [{ field: 'isbns[1]' }, { field: 'isbns' }] });
    const status = await asked(way, 'order-status', { order: 'ord-1' });
    expect(status.error).toMatchObject({ problems: [{ field: 'orderId' }, { field: 'order' }] });
  });

  it('a message that cannot be read is refused with a sentence that does not quote it', async () => {
    const malformed = await asked(way, 'place-order', `{"card":"${card}"`);
    expect(malformed.error).toEqual({ kind: 'bad-input', message: 'The message is not JSON.' });
    const large = await asked(way, 'stock', JSON.stringify({ isbns: ['9'.repeat(70_000)] }));
    expect(large.error).toEqual({ kind: 'bad-input', message: 'The message is larger than 64 KiB.' });
    const hurried = await asked(way, 'stock', { isbns: [isbn] }, { 'deadline-ms': 'soon' });
    const message = 'The header deadline-ms must be a whole number of milliseconds, 1 or more.';
    expect(hurried.error).toEqual({ kind: 'bad-input', message });
  });
});

it('the correlation id is repeated whatever its case and form, and errors repeat it too', async () => {
  const odd = await askBy(nats, 'a temporary inbox', 'stock', { isbns: [isbn] }, { 'correlation-id': '7f/ä =?' });
  expect(odd.correlationId).toBe('7f/ä =?');
  const error = await askBy(nats, 'a temporary inbox', 'stock', 'x', { 'correlation-id': 'err-1' });
  expect(error).toMatchObject({ correlationId: 'err-1', error: { kind: 'bad-input' } });
  const long = await askBy(
    nats,
    'a temporary inbox',
    'stock',
    { isbns: [isbn] },
    { 'correlation-id': 'x'.repeat(300) },
  );
  expect(long).toMatchObject({ correlationId: '', error: { message: expect.stringContaining('1 to 256 characters') } });
});

it('two processes share the questions, and neither answers twice', async () => {
  const before = await numbersOf(nats, 'stock');
  const many = await Promise.all(
    Array.from({ length: 100 }, () => askBy(nats, 'a temporary inbox', 'stock', { isbns: [isbn] })),
  );
  expect(many.every(({ code }) => code === '')).toBe(true);
  const after = await numbersOf(nats, 'stock');
  const sum = (all: typeof after) => all.reduce((total, { requests }) => total + requests, 0);
  expect(after).toHaveLength(2);
  expect(sum(after) - sum(before)).toBe(100);
  for (const each of after) expect(each.answered).toBeGreaterThan(10);
});

const endpoint = (name: string): unknown =>
  expect.objectContaining({ name, subject: `orders.ask.${name}`, queue_group: 'orders-ask' });

it('discovery finds the service, its questions and their numbers', async () => {
  const client = discovery(nats);
  const pings = [];
  for await (const ping of await client.ping('order-mediator')) pings.push(ping);
  expect(pings).toHaveLength(2);
  const infos = [];
  for await (const info of await client.info('order-mediator')) infos.push(info);
  expect(infos[0]).toMatchObject({
    version: '1.0.0',
    endpoints: [endpoint('place-order'), endpoint('order-status'), endpoint('stock')],
  });
  const [one] = await statistics(nats);
  expect(one?.endpoints?.[0]?.data).toEqual({
    answered: expect.any(Number),
    refused: expect.any(Number),
    faults: 0,
    ignored: 0,
    averageMs: expect.any(Number),
  });
});

it('no card token stands in an answer or in a log', () => {
  expect(answers.length).toBeGreaterThan(20);
  expect(JSON.stringify(answers)).not.toContain('card_ok');
  for (const { logFile } of processes) {
    const log = readFileSync(logFile, 'utf8');
    expect(log).toContain('ready');
    expect(log).not.toContain('card_ok');
  }
});
