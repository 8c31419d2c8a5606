import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../prisma/database.ts';
import { heldFor } from '../support/acting.ts';
import { openDesk, type Desk } from '../support/desk.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { until } from '../support/until.ts';
import { seriousProblems } from './axe.ts';
import { insertCase, insertOrders, insertReturn, insertWebhook } from './rows.ts';

const attack = `<img src=x onerror="window.hit=1"><script>window.hit=1</script>"'><svg onload=window.hit=1>`;
const caseId = 'customer-event-queue-rows-1';

let shop: Shop;
let desk: Desk;
let heldOrder: string;

beforeAll(async () => {
  shop = await openShop();
  const database = openDatabase(shop.rig.databaseUrl);
  const lines = [{ isbn: '9780134685991', quantity: attack }];
  await insertCase(database, shop.sql, {
    caseId,
    subject: 'customer.event.place-order',
    headers: { 'ce-id': attack, 'ce-source': attack },
    body: Buffer.from(JSON.stringify({ requestId: attack, customerId: attack, lines })),
    message: `The body does not fit: ${attack}`,
    problems: [{ field: 'lines[0].quantity', message: attack }],
    customerId: attack,
  });
  await database.close();
  await insertReturn(shop.sql, 'ret-row-00001', 'awaiting-approval', attack);
  await insertReturn(shop.sql, 'ret-row-00002', 'awaiting-inspection', attack);
  await insertOrders(shop.sql, 50);
  const placed = await shop.place({ card: 'card_denied', shipTo: { ...address, name: 'A <b>bold</b> name' } });
  heldOrder = placed.orderId;
  await heldFor(shop, placed, 'payment');
  await insertWebhook(shop, attack);
  desk = await openDesk(shop.rig);
});

afterAll(() => shop?.close());

const address = { name: '', street: '1 Harbour Street', city: 'Hamburg', postcode: '20457', country: 'DE' } as const;

const views = async (): Promise<readonly (readonly [hash: string, isThere: string])[]> => {
  const [mail] = await shop.sql<{ id: string }>(
    'SELECT request_id AS id FROM notification.mail ORDER BY intended_at LIMIT 1',
  );
  return [
    [`/repair/${caseId}`, 'textarea'],
    ['/orders', '.order-body > .order-row'],
    [`/orders/${heldOrder}`, '.hold'],
    ['/flow', '.flow-card'],
    ['/people', '.decision'],
    ['/webhooks', '[data-webhook]'],
    [`/mails/${encodeURIComponent(mail?.id ?? '')}`, 'article.mail'],
  ];
};

test.for([
  { name: 'light', options: { colorScheme: 'light' } },
  { name: 'dark', options: { colorScheme: 'dark' } },
  { name: 'on a phone', options: { viewport: { width: 390, height: 844 } } },
] as const)('axe finds no serious problem in any view, $name', async ({ options }) => {
  const { page, go, close } = await desk.open('/repair', { as: 'Ruth Ekberg', ...options });
  for (const [hash, isThere] of await views()) {
    await go(hash);
    await page.locator(isThere).first().waitFor();
    expect([hash, await seriousProblems(page)]).toEqual([hash, []]);
    // Nothing is wider than the screen.
    expect([hash, await page.evaluate('document.documentElement.scrollWidth > innerWidth')]).toEqual([hash, false]);
  }
  await close();
});

test('what an event says is only ever text', async () => {
  const { page, troubles, go, close } = await desk.open('/repair', { as: attack.slice(0, 60) });
  for (const [hash, isThere] of await views()) {
    await go(hash);
    await page.locator(isThere).first().waitFor();
  }
  // What the server says of the message now is shown like everything else.
  const problems = [{ field: attack, message: attack, at: null }];
  await page.route('**/api/cases/*/check', (route) => route.fulfill({ json: { problems } }));
  await go(`/repair/${caseId}`);
  const area = page.locator('textarea');
  await expect.poll(() => area.inputValue()).toContain('onerror=');
  for (const summary of await page.locator('summary').all()) await summary.click();
  await page.locator('.problems').getByText('<script>', { exact: false }).first().waitFor();
  await area.fill(`{ "requestId": ${JSON.stringify(attack)} }`);
  await page.getByText('None yet').waitFor({ state: 'detached' });
  await page.locator('.diff').getByText('<svg onload', { exact: false }).first().waitFor();
  expect(
    await page.evaluate('[window.hit, document.querySelectorAll("main img, main script, main [onload]").length]'),
  ).toEqual([undefined, 0]);
  expect(troubles).toEqual([]);
  await close();
});

test('a webhook is added, shows its secret once, is switched off and on, and is removed', async () => {
  const { page, troubles, close } = await desk.open('/webhooks', { as: 'Ruth Ekberg' });
  const add = async (url: string, facts: string) => {
    await page.getByLabel('URL').fill(url);
    await page.getByLabel('Facts or areas').fill(facts);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
  };
  await add('https://10.0.0.1/', 'all');
  await page.getByText('not on the public internet').waitFor();
  await add('https://8.8.8.8/hooks', 'orders, nothing');
  await page.getByText('must be names of facts').waitFor();
  await add('https://8.8.8.8/hooks', 'orders, stock-ordered');
  const row = page.locator('tr').filter({ hasText: '8.8.8.8' });
  await row.getByText('orders, stock-ordered').waitFor();
  const first = await page.locator('[data-secret]').textContent();
  expect(first).toMatch(/^whsec_/);
  await row.getByRole('button', { name: 'New secret' }).click();
  await until(async () => (await page.locator('[data-secret]').textContent()) !== first);
  await row.getByText('Switch off …').click();
  await row.getByLabel('Why').fill('They move house.');
  await row.getByRole('button', { name: 'Switch off' }).click();
  await row.getByText('They move house.').waitFor();
  await row.getByRole('button', { name: 'Switch on' }).click();
  await row.getByText('on', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Mails' }).click();
  await page.getByRole('heading', { name: 'Mails', exact: true }).waitFor(); // else the page may never have been left
  const reads: (() => Promise<void>)[] = [];
  await page.route('**/api/webhooks', (route) => void reads.push(() => route.continue()));
  await page.getByRole('link', { name: 'Webhooks' }).click();
  await row.waitFor(); // as it was left: the page keeps its rows until it has read them again
  expect(await page.locator('[data-secret]').count()).toBe(0);
  for (const answer of reads) await answer();
  await page.unroute('**/api/webhooks');
  page.once('dialog', (dialog) => void dialog.accept());
  await row.getByRole('button', { name: 'Remove' }).click();
  await row.waitFor({ state: 'detached' });
  expect(troubles).toEqual([]);
  await close();
});

test('the content security policy lets nothing inline run', async () => {
  const { page, troubles, close } = await desk.open('/repair');
  await page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="window.hit=1">')`);
  await expect.poll(() => troubles.join('\n')).toMatch(/content security policy/i);
  expect(await page.evaluate('window.hit')).toBeUndefined();
  await close();
});

test('everything is reached by keyboard alone', async () => {
  const { page, close } = await desk.open('/orders', { as: 'Ruth Ekberg' });
  await page.locator('.order-body > .order-row').first().waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.keyboard.type(heldOrder);
  await expect.poll(() => page.locator('.order-body > .order-row').count()).toBe(1);
  await page.locator('.order-table').focus();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.getByText('1 selected').waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Held for payment' }).waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => page.evaluate('location.hash')).toBe('#/orders');
  await page.keyboard.press('1');
  await page.getByText('1 open case', { exact: true }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.locator('textarea').waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => page.evaluate('location.hash')).toBe('#/repair');
  // Back on the case it came from.
  await expect.poll(() => page.evaluate('document.activeElement?.dataset.row')).toBe(caseId);
  await page.keyboard.press('t');
  expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('light');
  await close();
});

test('a channel nobody polls is shouted at in words', async () => {
  const { page, close } = await desk.open('/flow');
  const alarm = page.getByRole('alert').filter({ hasText: 'Nobody polls' });
  await alarm.getByText('workflow-processor-queue', { exact: false }).waitFor({ timeout: 20_000 });
  expect(await alarm.getByText('payment-queue', { exact: false }).count()).toBe(0);
  await close();
});
