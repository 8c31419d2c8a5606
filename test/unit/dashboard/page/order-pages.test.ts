import { expect, test } from 'vitest';
import type { OrderRow } from '../../../../contracts/views.ts';
import type { OrderPage } from '../../../../dashboard/server/api/orders.ts';
import { OrderPages } from '../../../../dashboard/page/orders/order-pages.ts';
import { Selection } from '../../../../dashboard/page/orders/selection.ts';

const pageSize = 200;

const row = (orderId: string): OrderRow => ({
  orderId,
  requestId: orderId,
  workflowId: `order/${orderId}`,
  customerId: 'c-1',
  mediatorClass: 'hard',
  state: 'open',
  step: 1,
  holdReason: null,
  heldSince: null,
  total: null,
  receivedAt: '2026-11-23T08:00:00Z',
  finishedAt: null,
});

const named = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `o-${String(from + index).padStart(4, '0')}`);

/** A server with these orders, in this order of the list; its cursor is the last order of a page. */
const serverWith = (orders: () => readonly string[]) => async (path: string) => {
  const cursor = new URL(path, 'http://desk').searchParams.get('cursor');
  const start = cursor === null ? 0 : orders().indexOf(cursor) + 1;
  const shown = orders().slice(start, start + pageSize);
  const next = start + pageSize < orders().length ? (shown.at(-1) ?? null) : null;
  return { orders: shown.map(row), next, total: { count: orders().length, isExact: true } } satisfies OrderPage;
};

const readAll = async (pages: OrderPages): Promise<void> => {
  do await pages.readOn();
  while (!pages.isWhole);
};

test('a page that could not be read is not asked for again by itself, only when that is said', async () => {
  let isAway = false;
  const server = serverWith(() => named(0, 500));
  const pages = new OrderPages({}, (path) => (isAway ? Promise.reject(new Error('away')) : server(path)));
  await pages.readOn();
  expect(pages.canReadOn).toBe(true);
  isAway = true;
  await expect(pages.readOn()).rejects.toThrow('away');
  expect(pages.canReadOn).toBe(false);
  isAway = false;
  pages.forgetFailure();
  expect(pages.canReadOn).toBe(true);
  await readAll(pages);
  expect([pages.count, pages.canReadOn]).toEqual([500, false]);
});

test('orders that a new one pushes out of their page are still here, on every page', async () => {
  let orders = named(0, 600);
  const pages = new OrderPages(
    { sort: 'customer' },
    serverWith(() => orders),
  );
  await readAll(pages);
  // Two new ones in the middle of the second page, and one of its orders is not found any more.
  orders = [...orders.slice(0, 250), 'new-1', 'new-2', ...orders.slice(250)].filter((id) => id !== 'o-0260');
  await pages.renew(200, 400);
  const left = pages.slice(0, 600).filter(({ hasLeft }) => hasLeft);
  expect(left.map(({ orderId }) => orderId)).toEqual(['o-0260']);
});

test('a range is selected from the row selected last, and a new list begins from nothing', async () => {
  const pages = new OrderPages(
    {},
    serverWith(() => named(0, 10)),
  );
  await pages.readOn();
  const range = new Selection().with(pages, 5, false).with(pages, 3, true);
  expect([...range.ids].toSorted()).toEqual(named(3, 6));
  expect([...range.with(pages, 4, false).ids].toSorted()).toEqual(['o-0003', 'o-0005']);
  expect([...new Selection().with(pages, 1, true).ids]).toEqual(named(0, 2));
});
