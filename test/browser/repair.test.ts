import { connect, headers } from 'nats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventHeaders } from '../../contracts/customer-event-queue.ts';
import { openDesk, type Desk } from '../support/desk.ts';
import { anOrder, openShop, type Shop } from '../support/shop.ts';
import { until } from '../support/until.ts';

let shop: Shop;
let desk: Desk;

beforeAll(async () => {
  shop = await openShop({}, [['order-mediator', 'mediators', 'processors', 'relay', 'intake', 'listeners']]);
  desk = await openDesk(shop.rig);
});

afterAll(() => shop?.close());

const flowOf = async (requestId: string): Promise<{ state: string } | undefined> =>
  (await shop.sql<{ state: string }>('SELECT state FROM mediator_store.flow WHERE request_id = $1', [requestId]))[0];

/** Sends the body of a `place-order` as a producer does. */
async function send(id: string, body: object): Promise<void> {
  const nats = await connect({ servers: shop.rig.nats.url });
  const given = headers();
  const about = {
    id,
    source: 'web-shop',
    type: 'place-order',
    specversion: '1.0',
    contentType: 'application/json',
    key: 'c-1',
  } as const;
  for (const [name, value] of Object.entries(about)) given.set(eventHeaders[name as keyof typeof about], value);
  await until(() => nats.jetstream().publish('customer.event.place-order', JSON.stringify(body), { headers: given }), {
    what: 'the queue',
  });
  await nats.close();
}

test('a person puts an event right that no rule can repair: its order is placed and completes', async () => {
  const { page, troubles, close } = await desk.open('/repair', { as: 'Ruth Ekberg' });
  const order = anOrder({ requestId: 'req-put-right-1' });
  await send('evt-put-right', { ...order, lines: [{ isbn: '9780134685991', quantity: 'a few' }] });
  // It comes into the list by itself.
  await page.locator('[data-row]').first().click({ timeout: 60_000 });
  const area = page.locator('textarea');
  await area.waitFor();
  const resubmit = page.getByRole('button', { name: 'Resubmit' });
  await expect.poll(() => resubmit.isDisabled()).toBe(true);
  // The problem leads to its field.
  await page.locator('.problems button').first().click();
  expect(
    await page.evaluate(
      'getSelection().toString() || document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)',
    ),
  ).toBe('"a few"');
  const original = await area.inputValue();
  await area.fill(original.replace('"a few"', '0'));
  await page.locator('.problems').getByText('lines[0].quantity', { exact: false }).waitFor();
  await area.fill(original.replace('"a few"', '2'));
  await page.getByText('it can be resubmitted', { exact: false }).waitFor();
  await page.locator('.diff-line[data-kind=new]').getByText('"quantity": 2').waitFor();
  await resubmit.click();
  await page.locator('desk-case').getByText('repaired', { exact: true }).waitFor({ timeout: 60_000 });
  await page.locator('.timeline').getByText('by Ruth Ekberg').first().waitFor();
  await until(async () => (await flowOf('req-put-right-1'))?.state === 'completed', {
    within: 60_000,
    what: 'the order to complete',
  });
  expect(troubles).toEqual([]);
  await close();
});

test('a person discards an event and says why; its history says who and why', async () => {
  const { page, close } = await desk.open('/repair', { as: 'Ruth Ekberg' });
  await send('evt-discarded', { customerId: 'c-1', nonsense: true });
  await page.locator('[data-row]').first().click({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Take it' }).click();
  await page.locator('desk-case dd').getByText('Ruth Ekberg').waitFor();
  await page.getByRole('button', { name: 'Discard …' }).click();
  await page.getByLabel('Why').fill('A test of the web shop.');
  await page.getByRole('button', { name: 'Discard', exact: true }).click();
  await page.locator('desk-case').getByText('discarded', { exact: true }).first().waitFor({ timeout: 30_000 });
  await page.locator('.timeline').getByText('A test of the web shop.', { exact: false }).waitFor();
  await page.getByText('the message is not kept', { exact: false }).waitFor();
  await close();
});

test('a return is approved, its parcel received and inspected, and the customer is refunded', async () => {
  const placed = await shop.place();
  await shop.end(placed);
  const nats = await connect({ servers: shop.rig.nats.url });
  const given = headers();
  const body = {
    requestId: 'ret-on-the-desk',
    orderId: placed.orderId,
    customerId: 'c-1',
    lines: [{ isbn: '9780134685991', quantity: 1 }],
    reason: 'It came twice.',
  };
  const about = {
    id: 'evt-return',
    source: 'web-shop',
    type: 'return-requested',
    specversion: '1.0',
    key: 'c-1',
  } as const;
  for (const [name, value] of Object.entries(about)) given.set(eventHeaders[name as keyof typeof about], value);
  await nats.jetstream().publish('customer.event.return-requested', JSON.stringify(body), { headers: given });
  await nats.close();
  const { page, troubles, close } = await desk.open('/people', { as: 'Ruth Ekberg' });
  const card = page.getByRole('article', { name: 'Return ret-on-the-desk' });
  await card.getByRole('button', { name: 'Approve' }).click({ timeout: 60_000 });
  await card.getByRole('button', { name: 'The parcel has arrived' }).click({ timeout: 30_000 });
  await card.getByLabel('Can be sold again').fill('0', { timeout: 30_000 });
  await card.getByRole('button', { name: 'Write down the inspection' }).click();
  await card.waitFor({ state: 'detached', timeout: 30_000 });
  const row = async () =>
    (await shop.sql<{ state: string }>(`SELECT state FROM returns.return WHERE request_id = 'ret-on-the-desk'`))[0];
  await until(async () => (await row())?.state === 'completed', { within: 60_000, what: 'the return to complete' });
  expect(troubles).toEqual([]);
  await close();
});
