import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';
import { goodOrder, objects, runCommandLine } from '../../support/command-line.ts';

let shop: Shop;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'client-'));
  shop = await openShop();
});
afterAll(async () => {
  await shop.close();
  await rm(folder, { recursive: true });
});

const run = (...argv: readonly string[]) => runCommandLine(shop.rig.env, ...argv);

const summaryNames = 'orderId requestId workflowId customerId state step holdReason holds total'.split(' ');

/** Places a good order and resolves with its id. */
async function placeAnd(...more: readonly string[]): Promise<string> {
  const [placed] = objects(await run(...goodOrder, '--json', ...more));
  return String(placed?.['orderId']);
}

const idsListedAs = async (state: string) =>
  objects(await run('list', '--state', state, '--json')).map(({ orderId }) => orderId);

/** Whether the broker has a consumer that is not one of the listeners, which are durable, and that has asked for facts. */
async function somebodyListens(): Promise<boolean> {
  const url = `http://127.0.0.1:${shop.rig.nats.ports['monitor']}/jsz?streams=true&consumers=true&config=true`;
  const { account_details: accounts } = (await (await fetch(url)).json()) as BrokerState;
  const consumers = accounts.flatMap(({ stream_detail: streams }) =>
    streams.flatMap((one) => one.consumer_detail ?? []),
  );
  return consumers.some(({ config, num_waiting: waiting }) => !config.durable_name && waiting > 0);
}

interface BrokerState {
  readonly account_details: readonly {
    readonly stream_detail: readonly {
      readonly consumer_detail?: readonly {
        readonly config: { durable_name?: string };
        readonly num_waiting: number;
      }[];
    }[];
  }[];
}

describe('place', () => {
  test('prints the order, its request and its flow, and the same again when asked again', async () => {
    const order = [...goodOrder, '--request-id', 'req-again-1', '--json'];
    const first = await run(...order);
    const [placed] = objects(first);
    expect(first).toMatchObject({ code: 0, noted: [] });
    expect(placed).toEqual({
      orderId: expect.stringMatching(/^ord-/),
      requestId: 'req-again-1',
      workflowId: 'order/req-again-1',
    });
    expect(await run(...order)).toEqual(first);
  });

  test.each([
    ['while that order is under way', 'req-mine-01', ['--card', 'card_slow']],
    ['when that order has ended', 'req-mine-02', ['--wait']],
  ])(
    'refuses another order under a request id in use, and tells nothing of the order that has it, %s',
    async (...row) => {
      const [, requestId, more] = row;
      const orderId = await placeAnd('--request-id', requestId, ...more);
      const { code, printed, noted } = await run(...goodOrder, '--request-id', requestId, '--country', 'DE');
      expect({ code, printed, lines: noted.length }).toEqual({ code: 1, printed: [], lines: 1 });
      expect(noted[0]).toContain(`Request id ${requestId} is already used by another order request`);
      expect(noted[0]).not.toContain(orderId);
    },
  );

  test('takes a whole order from a file', async () => {
    const file = join(folder, 'order.json');
    const shipTo = { name: 'Ada <b>', street: '1 Main', city: 'Bergen', postcode: '5003', country: 'NO' };
    const lines = [{ isbn: '9780134685991', quantity: 1 }];
    const order = { requestId: 'req-file-01', customerId: 'c-2', lines, card: 'card_ok', shipTo, currency: 'USD' };
    await writeFile(file, JSON.stringify(order));
    const { code, printed } = await run('place', '--file', file, '--wait');
    expect({ code, last: printed.at(-1) }).toEqual({ code: 0, last: 'state     completed' });
  });

  test('ends with 1 and the reason when it waited for an order that was cancelled', async () => {
    const file = join(folder, 'policy.json');
    await writeFile(file, JSON.stringify({ holds: { payment: { deadline: '1 second', reminders: [] } } }));
    const env = { ...shop.rig.env, ORDER_POLICY_FILE: file };
    const { code, noted } = await runCommandLine(env, ...goodOrder.slice(0, -1), 'card_denied', '--wait');
    expect(code).toBe(1);
    expect(noted).toEqual([
      expect.stringMatching(/^Order ord-\w+ is held at apply-payment: .* Pay with another card/),
      expect.stringMatching(/^Order ord-\w+ was cancelled: It was not paid in time/),
    ]);
  });

  test('ends with 1 and the reason when the order is refused, and keeps nothing', async () => {
    const { code, printed, noted } = await run(...goodOrder, '--customer', 'c-nobody', '--request-id', 'req-nobody');
    expect({ code, printed }).toEqual({ code: 1, printed: [] });
    expect(noted).toEqual([expect.stringContaining('There is no customer c-nobody')]);
    const requests = objects(await run('list', '--json')).map(({ requestId }) => requestId);
    expect(requests).not.toContain('req-nobody');
  });
});

describe('an order', () => {
  test('is shown with its steps while it is under way, and with all of them and its facts afterwards', async () => {
    const orderId = await placeAnd('--card', 'card_slow');
    const [early] = objects(await run('show', orderId, '--json'));
    expect(early).toMatchObject({ state: 'open', step: 2, total: { currency: 'EUR' }, shipment: null });
    expect(await idsListedAs('open')).toContain(orderId);
    expect(await idsListedAs('held')).toEqual([]);
    const done = await until(async () => {
      const [view] = objects(await run('show', orderId, '--json'));
      return (view?.['facts'] as unknown[] | undefined)?.length === 9 && view;
    });
    expect(Object.keys(done)).toEqual(
      summaryNames.concat(
        'reason',
        'steps',
        'facts',
        'actions',
        'notes',
        'lines',
        'shipTo',
        'shipment',
        'unreachableSince',
      ),
    );
    expect(done).toMatchObject({ state: 'completed', step: 5, shipTo: { city: 'Bergen', country: 'NO' } });
    expect(done['lines']).toEqual([{ isbn: '9780134685991', quantity: 2, title: expect.any(String) }]);
    expect(done['shipment']).toEqual({
      carrier: expect.any(String),
      method: expect.any(String),
      trackingNumber: expect.stringMatching(/^TN/),
    });
    expect(done['steps']).toHaveLength(9);
    expect((done['facts'] as { sequence: number }[]).map(({ sequence }) => sequence)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
  });

  test('is with no carrier any more once its shipment was recalled', async () => {
    const orderId = await placeAnd('--wait');
    expect((await run('show', orderId)).printed.join('\n')).toMatch(/^shipped +\S.* \(.+\), TN\w+$/m);
    await shop.sql('UPDATE shipping.shipment SET recalled_at = now() WHERE order_id = $1', [orderId]);
    expect(objects(await run('show', orderId, '--json'))[0]).toMatchObject({ orderId, shipment: null });
  });

  test('is watched to its end, each change told once', async () => {
    const orderId = await placeAnd('--card', 'card_slow');
    const { code, printed } = await run('watch', orderId);
    expect(code).toBe(0);
    expect(printed.filter((line) => line.includes('acknowledged'))).toHaveLength(9);
    expect(new Set(printed).size).toBe(printed.length);
    expect(printed.at(-1)).toContain('order completed');
  });

  test('is listed with the promised names, newest first, and by its state', async () => {
    const orderId = await placeAnd('--wait');
    const listed = objects(await run('list', '--limit', '2', '--json'));
    expect(listed).toHaveLength(2);
    expect(listed[0]).toMatchObject({ orderId, state: 'completed', step: 5 });
    expect(Object.keys(listed[0] ?? {})).toEqual(summaryNames);
    const cancelled = objects(await run('list', '--state', 'cancelled', '--json'));
    expect(new Set(cancelled.map(({ state }) => state))).toEqual(new Set(['cancelled']));
  });

  test('is heard of by listen while its facts are broadcast', async () => {
    await placeAnd('--wait');
    const hearing = run('listen', 'order-shipped', '--count', '1', '--json');
    await until(somebodyListens, { what: 'listen to listen' });
    const orderId = await placeAnd('--wait');
    const [fact, ...more] = objects(await hearing);
    expect(more).toEqual([]);
    expect(fact).toMatchObject({ name: 'order-shipped', area: 'orders', key: orderId });
    expect(fact?.['body']).toMatchObject({ orderId, carrier: expect.any(String) });
  });
});

test('mails are counted by day and kind', async () => {
  const counts = await until(async () => {
    const all = objects(await run('mails', '--json'));
    return all.some(({ kind }) => kind === 'shipped') && all;
  });
  expect(counts[0]).toEqual({
    day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    kind: expect.any(String),
    mails: expect.any(Number),
    refused: expect.any(Number),
    bounced: expect.any(Number),
  });
});
