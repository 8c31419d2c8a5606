import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PlacedOrder } from '../../app/place.ts';
import { heldFor } from '../support/acting.ts';
import { openDesk, type Desk } from '../support/desk.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let desk: Desk;

beforeAll(async () => {
  shop = await openShop({}, [['order-mediator', 'processors', 'relay', 'listeners', 'bulk']]);
  desk = await openDesk(shop.rig);
});

afterAll(() => shop?.close());

const placeHeld = async (card: string): Promise<PlacedOrder> => {
  const placed = await shop.place({ card });
  await heldFor(shop, placed, 'payment');
  return placed;
};

test('an order whose card was declined is put right with another card, and its timeline goes on to the end by itself', async () => {
  const placed = await placeHeld('card_denied');
  const { page, troubles, close } = await desk.open(`/orders/${placed.orderId}`, { as: 'Ruth Ekberg' });
  await page.getByRole('region', { name: 'Held for payment' }).waitFor();
  await page.getByRole('button', { name: 'Pay with another card' }).click();
  await page.getByLabel('Token of the other card').fill('card_ok');
  await page.getByLabel('Token of the other card').press('Enter');
  await page.locator('desk-order').getByText('completed', { exact: true }).waitFor({ timeout: 60_000 });
  await page.locator('desk-order').getByText('Fact order completed', { exact: false }).waitFor();
  expect(await page.getByRole('region', { name: 'Held for payment' }).count()).toBe(0);
  expect((await shop.end(placed)).outcome).toBe('completed');
  const [action] = await shop.sql<{ actor: string }>('SELECT actor FROM mediator_store.action WHERE order_id = $1', [
    placed.orderId,
  ]);
  expect(action?.actor).toBe('Ruth Ekberg');
  expect(troubles).toEqual([]);
  await close();
});

test('what an action is refused for stands in a sentence, and nothing has changed', async () => {
  const placed = await placeHeld('card_denied');
  const { page, close } = await desk.open(`/orders/${placed.orderId}`, { as: 'Ruth Ekberg' });
  await page.getByRole('button', { name: 'Pay with another card' }).click();
  await page.getByLabel('Token of the other card').fill('card_of_nobody');
  await page.getByRole('button', { name: 'Pay with another card', exact: true }).click();
  const refusal = page.locator('.toast[data-kind=trouble]');
  await refusal.getByText('The card gateway does not know this card', { exact: false }).waitFor();
  expect(await refusal.count()).toBe(1);
  const { state, holds } = await shop.progress(placed);
  expect([state, holds.map(({ reason }) => reason)]).toEqual(['held', ['payment']]);
  await close();
});

test('a bulk retry counts first, asks, and then says what really changed', async () => {
  const held = [await placeHeld('card_denied'), await placeHeld('card_expired')];
  const { page, close } = await desk.open('/orders', { as: 'Ruth Ekberg' });
  for (const { orderId } of held) await page.getByRole('checkbox', { name: `Select ${orderId}` }).click();
  await page.getByText('2 selected').waitFor();
  await page.getByRole('button', { name: 'Retry …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Retry many orders' });
  await dialog.getByText('2 orders', { exact: true }).waitFor();
  // Nothing was done yet.
  const actions = 'SELECT action, actor FROM mediator_store.action WHERE order_id = ANY ($1)';
  const ids = held.map(({ orderId }) => orderId);
  expect(await shop.sql(actions, [ids])).toEqual([]);
  await dialog.getByRole('button', { name: 'Retry 2 orders' }).click();
  await dialog.getByText(/changed$/).waitFor({ timeout: 30_000 });
  for (const { orderId } of held) await dialog.getByRole('link', { name: orderId }).waitFor();
  expect(await shop.sql(actions, [ids])).toEqual(held.map(() => ({ action: 'retry', actor: 'Ruth Ekberg' })));
  await close();
});

test('after the server was away the page is live again, and shows what happened meanwhile', async () => {
  const placed = await placeHeld('card_denied');
  const { page, troubles, close } = await desk.open(`/orders/${placed.orderId}`, { as: 'Ruth Ekberg' });
  await page.getByText('live', { exact: true }).waitFor();
  await desk.kill();
  await page.getByText('not live').waitFor();
  await shop.client.workflow.getHandle(placed.workflowId).cancel();
  await shop.end(placed);
  await desk.start();
  await page.getByText('live', { exact: true }).waitFor({ timeout: 30_000 });
  await page.locator('desk-order').getByText('cancelled', { exact: true }).waitFor();
  // The session of before was lost with the server: the next change goes through all the same.
  const another = await placeHeld('card_denied');
  await page.evaluate(`location.hash = '#/orders/${another.orderId}'`);
  await page.getByRole('button', { name: 'Retry', exact: true }).click();
  await page.getByText(/^Done: the order is/).waitFor();
  expect(troubles).toEqual([]);
  await close();
});
