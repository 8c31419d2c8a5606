import { expect, test } from 'vitest';
import { PagedRows, type ReadPage, type RowPage } from '../../../../dashboard/page/parts/paged-rows.ts';

/** A list of numbers, from the highest down; the cursor is the last one that was read. Counts what it is asked. */
function numbers(most: number) {
  const server = {
    most,
    asked: [] as number[],
    read: (async (cursor, limit) => {
      server.asked.push(limit);
      await Promise.resolve();
      const from = cursor === null ? server.most : Number(cursor) - 1;
      const rows = Array.from({ length: Math.min(limit, from) }, (_, index) => from - index);
      const last = rows.at(-1) ?? 0;
      return { rows, next: last > 1 ? String(last) : null };
    }) as ReadPage<number>,
  };
  return server;
}

const down = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from - index);

test('whoever has read on keeps as many rows when the list is read again', async () => {
  const server = numbers(1_000);
  const list = new PagedRows(server.read, 50);
  await list.renew();
  for (let pages = 0; pages < 9; pages += 1) await list.readOn();
  expect(list.rows).toEqual(down(1_000, 500));
  server.most = 1_003;
  await list.renew();
  expect(list.rows).toEqual(down(1_003, 500));
  expect(list.hasMore).toBe(true);
});

test('reading on while it is read again gives no row twice and leaves none out', async () => {
  const server = numbers(200);
  const list = new PagedRows(server.read, 50);
  await list.renew();
  server.most = 220;
  await Promise.all([list.readOn(), list.renew(), list.readOn()]);
  expect(list.rows).toEqual(down(220, list.rows?.length ?? 0));
  expect(list.rows?.length).toBe(150);
});

test('many changes at once are one read after the one under way', async () => {
  const server = numbers(10);
  const list = new PagedRows(server.read, 50);
  const first = list.renew();
  await Promise.resolve();
  await Promise.all([first, ...Array.from({ length: 20 }, () => list.renew())]);
  expect(server.asked.length).toBe(2);
});

test('the answer about the list of before is not shown, nor is its failure told', async () => {
  const answers: ((page: RowPage<string>) => void)[] = [];
  const list = new PagedRows<string>(() => new Promise((resolve) => answers.push(resolve)), 50);
  const before = list.renew();
  await Promise.resolve();
  list.change(async () => ({ rows: ['of the new one'], next: null }));
  expect(list.rows).toBeNull();
  // The new list does not wait for the old one.
  await list.renew();
  answers[0]?.({ rows: ['of the old one'], next: null });
  await before;
  expect(list.rows).toEqual(['of the new one']);
});

test('a failure is told to whoever asked, and the next read goes on', async () => {
  let isAway = true;
  const server = numbers(10);
  const list = new PagedRows<number>(
    (cursor, limit) => (isAway ? Promise.reject(new Error('away')) : server.read(cursor, limit)),
    50,
  );
  await expect(list.renew()).rejects.toThrow('away');
  isAway = false;
  await list.renew();
  expect(list.rows).toEqual(down(10, 10));
});
