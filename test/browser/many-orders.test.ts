import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDesk, type Desk } from '../support/desk.ts';
import { openRig, type Rig } from '../support/rig.ts';
import { insertOrders } from './rows.ts';

let rig: Rig;
let desk: Desk;
let pool: pg.Pool;

beforeAll(async () => {
  rig = await openRig({ temporal: true, nats: true });
  pool = new pg.Pool({ connectionString: rig.databaseUrl, max: 2 });
  rig.onClose(() => pool.end());
  await insertOrders(
    async <Row>(text: string, values: readonly unknown[] = []) => (await pool.query(text, [...values])).rows as Row[],
    100_000,
  );
  await pool.query('ANALYZE mediator_store.flow');
  desk = await openDesk(rig);
});

afterAll(() => rig?.close());

/** As far as somebody scrolls who looks for something: 25 pages of 200, each read after the one before. */
const scrolledTo = 5_000;

/** Scrolls by two screens every frame, that far; tells the milliseconds of a frame and the most rows that were drawn. */
const scrollDown = `new Promise((resolve) => {
  const table = document.querySelector('.order-table');
  const frames = [];
  let last = performance.now();
  let most = 0;
  const step = () => {
    const now = performance.now();
    frames.push(now - last);
    last = now;
    const rows = [...table.querySelectorAll('.order-body > .order-row')];
    most = Math.max(most, rows.length);
    table.scrollTop += table.clientHeight * 2;
    if (rows.some((row) => Number(row.dataset.index) >= ${scrolledTo})) {
      frames.sort((one, other) => one - other);
      resolve({ frames: frames.length, p50: frames[Math.floor(frames.length * 0.5)], p99: frames[Math.floor(frames.length * 0.99)], most });
    } else requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`;

test('among 100,000 orders thousands are scrolled through, and few rows are drawn at a time', async () => {
  const { page, troubles, close } = await desk.open('/orders');
  await page.getByText('ord-row-00000001').waitFor();
  const scrolled = await page.evaluate<{ frames: number; p50: number; p99: number; most: number }>(scrollDown);
  // The row stands where it belongs: the newest order has the number 1.
  const [index, text] = await page.evaluate<readonly [string, string]>(
    `[...document.querySelectorAll('.order-body > .order-row')].slice(0, 1).flatMap((row) => [row.dataset.index, row.textContent])`,
  );
  expect(text).toContain(`ord-row-${String(Number(index) + 1).padStart(8, '0')}`);
  console.info(`scrolled ${scrolledTo} orders: ${JSON.stringify(scrolled)}`);
  expect(scrolled.most).toBeLessThan(60);
  expect(troubles).toEqual([]);
  await close();
});

test('the last of 100,000 orders is one key away: End reads the list from its other end', async () => {
  const { page, troubles, close } = await desk.open('/orders');
  await page.getByText('ord-row-00000001').waitFor();
  await page.locator('.order-table').press('End');
  await page.getByText('ord-row-00100000').waitFor();
  expect(await page.getByLabel('Sort').inputValue()).toBe('oldest');
  expect(troubles).toEqual([]);
  await close();
});

test('orders are found by the beginning of an id, by customer and by state', async () => {
  const { page, close } = await desk.open('/orders');
  await page.getByRole('searchbox').fill('ord-row-00012');
  await page.getByText('1,000 orders').waitFor();
  await page.getByText('ord-row-00012000').waitFor();
  await page.getByRole('searchbox').fill('c-5');
  await page.getByText('ord-row-00000005').waitFor();
  await page.getByLabel('State').selectOption('cancelled');
  await page.getByText('ord-row-00001999').waitFor();
  await expect.poll(() => page.locator('.order-body').getByText('completed').count()).toBe(0);
  await page.getByRole('searchbox').fill('nobody-at-all');
  await page.getByText('No order fits').waitFor();
  await close();
});

test('new orders do not move the rows: they are told of, and come when asked for', async () => {
  const { page, close } = await desk.open('/orders');
  const first = page.getByText('ord-row-00000001');
  const before = await first.boundingBox();
  await pool.query(`INSERT INTO mediator_store.flow (request_id, workflow_id, event_name, mediator_class, body_hash, customer_id, order_id)
    VALUES ('newest-of-all', 'order/newest-of-all', 'place-order', 'hard', repeat('0', 64), 'c-1', 'ord-newest-of-all')`);
  await pool.query(`SELECT outbox.record_fact('orders', 'order-created', 'ord-newest-of-all', '{}')`);
  const news = page.getByRole('button', { name: '1 new' });
  await news.waitFor({ timeout: 20_000 });
  expect(await first.boundingBox()).toEqual(before);
  await news.click();
  await page.getByText('ord-newest-of-all').waitFor();
  await close();
});
