import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PlaceOrder } from '../../../contracts/place-order.ts';
import { objects, runCommandLine } from '../../support/command-line.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const run = (...argv: readonly string[]) => runCommandLine(shop.rig.env, ...argv);

const shown = async (orderId: string) => objects(await run('show', orderId, '--json'))[0] ?? {};

/** Waits until the mediator store has the order in this state. */
const untilIs = (orderId: string, state: string) =>
  until(
    async () => {
      const rows = await shop.sql('SELECT 1 FROM mediator_store.flow WHERE order_id = $1 AND state = $2', [
        orderId,
        state,
      ]);
      return rows.length === 1;
    },
    { what: `${orderId} to be ${state}` },
  );

/** Places an order that cannot go on, and resolves with its id when it is held. */
async function placeHeld(changes: Partial<PlaceOrder> = { card: 'card_denied' }): Promise<string> {
  const { orderId } = await shop.place(changes);
  await untilIs(orderId, 'held');
  return orderId;
}

const undeliverable = {
  shipTo: { name: 'Station', street: 'Ice 1', city: 'Base', postcode: '0', country: 'AQ' },
} as const;

describe('pay', () => {
  test('lets a held order go on, once, and gives the same answer again after its end', async () => {
    const orderId = await placeHeld();
    const pay = ['pay', orderId, '--card', 'card_ok', '--update-id', `pay-${orderId}`, '--json'];
    const first = await run(...pay);
    expect(first).toMatchObject({ code: 0, noted: [] });
    const [taken] = objects(first);
    expect(Object.keys(taken ?? {})).toEqual(['orderId', 'state', 'holds', 'updateId']);
    expect(taken).toMatchObject({ orderId, updateId: `pay-${orderId}` });
    await untilIs(orderId, 'completed');
    const again = await run(...pay);
    expect({ code: again.code, state: objects(again)[0]?.['state'] }).toEqual({ code: 0, state: 'completed' });
    expect((await shown(orderId))['actions']).toMatchObject([{ action: 'pay', actor: null }]);
    expect(JSON.stringify(await shown(orderId))).not.toContain('card_ok');
  });

  test('and amend are refused under an id that was used for another content, before and after the order ends', async () => {
    const orderId = await placeHeld();
    const own = ['--update-id', `mine-${orderId}`];
    const again = ['--update-id', `again-${orderId}`];
    expect(await run('amend', orderId, '--city', 'Bremen', ...own)).toMatchObject({ code: 0 });
    const refused = await Promise.all([
      run('amend', orderId, '--city', 'Kiel', ...own),
      run('pay', orderId, '--card', 'card_ok', ...own),
    ]);
    for (const { code, noted } of refused) {
      expect({ code, told: noted[0] }).toEqual({ code: 1, told: expect.stringContaining('was used to amend') });
    }
    expect(await shown(orderId)).toMatchObject({ state: 'held', shipTo: { city: 'Bremen' } });
    expect(await run('pay', orderId, '--card', 'card_denied', ...again)).toMatchObject({ code: 0 });
    // The row of the first hold is closed a moment after the answer.
    const holds = () => shop.sql('SELECT FROM mediator_store.hold WHERE order_id = $1', [orderId]);
    await until(async () => (await holds()).length === 2, { what: 'the second hold' });
    const good = await run('pay', orderId, '--card', 'card_ok', ...again);
    expect({ code: good.code, told: good.noted[0] }).toEqual({
      code: 1,
      told: expect.stringContaining('was used to pay with another content already; choose another'),
    });
    expect(await run('pay', orderId, '--card', 'card_ok')).toMatchObject({ code: 0 });
    await untilIs(orderId, 'completed');
    expect(await run('pay', orderId, '--card', 'card_denied', ...again)).toMatchObject({ code: 0 });
    expect(await run('pay', orderId, '--card', 'card_ok', ...again)).toMatchObject({ code: 1 });
  });

  test('is refused with what is possible when the order does not wait for its payment', async () => {
    const { orderId } = await shop.place({ card: 'card_slow' });
    const { code, printed, noted } = await run('pay', orderId, '--card', 'card_ok');
    expect({ code, printed }).toEqual({ code: 1, printed: [] });
    expect(noted).toEqual([expect.stringContaining('Possible now: cancel')]);
  });
});

test('holds lists what an order waits for, by its reason, and what would help', async () => {
  const orderId = await placeHeld();
  const [hold] = objects(await run('holds', '--json')).filter((one) => one['orderId'] === orderId);
  expect(hold).toMatchObject({ customerId: 'c-1', reason: 'payment', step: 2, command: 'apply-payment' });
  const inStock = objects(await run('holds', '--reason', 'stock', '--json'));
  expect(inStock.map((one) => one['orderId'])).not.toContain(orderId);
  const { printed } = await run('holds');
  expect(printed.find((line) => line.startsWith(orderId))).toContain(String(hold?.['help']));
  expect((await run('list')).printed.find((line) => line.startsWith(orderId))).toContain('held (payment)');
});

test('amend changes one piece of the address, and the rest stays', async () => {
  const orderId = await placeHeld();
  expect(await run('amend', orderId, '--city', 'Bremen')).toMatchObject({ code: 0 });
  const query = `SELECT working->'shipTo' AS ship_to FROM mediator_store.flow WHERE order_id = $1`;
  const [row] = await shop.sql<{ ship_to: object }>(query, [orderId]);
  expect(row?.ship_to).toMatchObject({ name: 'Anna Lindqvist', city: 'Bremen', country: 'DE' });
  const lines = ['--line', '9780132350884:3'];
  expect(await run('amend', orderId, ...lines, '--country', 'AT')).toMatchObject({ code: 0 });
  expect(await shown(orderId)).toMatchObject({
    lines: [{ isbn: '9780132350884', quantity: 3 }],
    shipTo: { city: 'Bremen', country: 'AT' },
    shipment: null,
    unreachableSince: null,
  });
  const { printed } = await run('show', orderId);
  expect(printed.at(-1)).toMatch(/^amend +the customer .* lines: 1 title; country: AT$/);
});

describe('amending one piece of the address', () => {
  test('of an order that has ended is refused with how it ended, unless it was done before under that update id', async () => {
    const orderId = await placeHeld();
    const amend = ['amend', orderId, '--city', 'Bremen', '--update-id', `amend-${orderId}`];
    expect(await run(...amend)).toMatchObject({ code: 0 });
    expect(await run('cancel', orderId)).toMatchObject({ code: 0 });
    await untilIs(orderId, 'cancelled');
    const { code, noted } = await run('amend', orderId, '--city', 'Kiel');
    expect({ code, noted }).toEqual({ code: 1, noted: [expect.stringContaining(`Order ${orderId} was cancelled`)] });
    const again = await run(...amend, '--json');
    expect({ code: again.code, state: objects(again)[0]?.['state'] }).toEqual({ code: 0, state: 'cancelled' });
  });

  test('of an order that there is not is answered with that', async () => {
    const { code, noted } = await run('amend', 'ord-nothing', '--city', 'Bremen');
    expect({ code, noted }).toEqual({ code: 1, noted: ['There is no order ord-nothing.'] });
  });
});

test('retry is an operator’s, whose name is kept; an order that cannot be retried does not keep the others', async () => {
  const orderId = await placeHeld(undeliverable);
  const { code, printed, noted } = await run('retry', orderId, 'ord-nothing', '--actor', 'Kim', '--json');
  expect({ code, printed: printed.length }).toEqual({ code: 1, printed: 1 });
  expect(noted).toEqual(['There is no order ord-nothing.', '1 of 2 orders were not retried.']);
  expect((await shown(orderId))['actions']).toMatchObject([{ action: 'retry', actor: 'Kim' }]);
});

describe('cancel', () => {
  test('undoes a held order; what comes later is refused with how it ended', async () => {
    const orderId = await placeHeld();
    expect(await run('cancel', orderId, '--reason', 'Not needed any more.')).toMatchObject({ code: 0 });
    await untilIs(orderId, 'cancelled');
    const { code, noted } = await run('pay', orderId, '--card', 'card_ok');
    expect({ code, noted }).toEqual({ code: 1, noted: [expect.stringContaining(`Order ${orderId} was cancelled`)] });
  });

  test('of a completed order is refused with how to return it', async () => {
    const { orderId } = await shop.place();
    await untilIs(orderId, 'completed');
    const { code, noted } = await run('cancel', orderId, '--actor', 'Kim');
    expect({ code, noted }).toEqual({ code: 1, noted: [expect.stringContaining('send it back within 30 days')] });
  });

  test('under the update id of another action is refused, and nothing is cancelled', async () => {
    const orderId = await placeHeld();
    const updateId = ['--update-id', `mine-${orderId}`];
    await run('amend', orderId, '--city', 'Bremen', ...updateId);
    const { code, noted } = await run('cancel', orderId, ...updateId);
    expect({ code, noted }).toEqual({ code: 1, noted: [expect.stringContaining('was used to amend already')] });
    expect((await shown(orderId))['state']).not.toBe('compensating');
  });
});
