import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../../prisma/database.ts';
import { changedSince, seenNow } from '../../../app/reads/changes.ts';
import { countOrders } from '../../../app/reads/order-filter.ts';
import { orderTable, type OrderTableRow } from '../../../app/reads/order-table.ts';
import type { OrderFilter, OrderSort } from '../../../contracts/views.ts';
import { countWaitingReturns, listReturns } from '../../../app/reads/returns.ts';
import { openRig, type Rig } from '../../support/rig.ts';

const orders = 100_000;
let rig: Rig;
let database: Database;

beforeAll(async () => {
  rig = await openRig();
  database = openDatabase(rig.databaseUrl, { poolSize: 1 });
  rig.onClose(() => database.close());
  await fill(rig.databaseUrl);
});
afterAll(() => rig?.close());

/** 100,000 orders of 10,000 customers: one in ten held (one of those for two things), the rest completed, cancelled and open. */
async function fill(connectionString: string): Promise<void> {
  const sql = new pg.Client({ connectionString });
  await sql.connect();
  await sql.query(`INSERT INTO mediator_store.flow (request_id, workflow_id, event_name, mediator_class, body_hash, customer_id, order_id, state, received_at, finished_at, open_holds)
    SELECT 'request-' || n, 'order/request-' || n, 'place-order', 'hard', '', 'c-' || n % 10000, 'ord-' || substr(md5(n::text), 1, 20),
      (ARRAY['held', 'completed', 'completed', 'completed', 'completed', 'completed', 'completed', 'cancelled', 'open', 'completed'])[n % 10 + 1],
      now() - interval '1 hour' - (n / 3) * interval '1 second', CASE WHEN n % 10 IN (0, 8) THEN NULL ELSE now() END,
      CASE WHEN n % 10 = 0 THEN ARRAY['hold-' || n] || CASE WHEN n % 100 = 0 THEN ARRAY['more-' || n] ELSE ARRAY[]::text[] END ELSE ARRAY[]::text[] END
    FROM generate_series(1, ${orders}) AS n`);
  await sql.query(`INSERT INTO mediator_store.hold (hold_id, order_id, reason, step, command, message, help, since)
    SELECT id, order_id, CASE WHEN id LIKE 'more%' THEN 'stock' ELSE 'payment' END, 2, 'apply-payment', '', '', received_at
    FROM mediator_store.flow, unnest(open_holds) AS id`);
  await sql.query(`INSERT INTO order_placement.placed_order (order_id, customer_id, ship_to, currency, shipping_amount, total_amount)
    SELECT order_id, customer_id, '{}', 'EUR', 0, 100 FROM mediator_store.flow`);
  await sql.query(`INSERT INTO outbox.fact (id, key, area, name, epoch, sequence, body, stream_sequence)
    SELECT gen_random_uuid(), order_id, 'orders', 'order-created', 1, 1, '{}', 1 FROM mediator_store.flow`);
  await sql.query('ANALYZE');
  await sql.end();
}

/** PostgreSQL counts what a connection has read when it is told to, or after seconds. */
async function readUntilNow(): Promise<number> {
  await database.prisma.$queryRaw`SELECT pg_stat_force_next_flush()::text`;
  const [read] = await database.prisma.$queryRaw<{ rows: number }[]>`
    SELECT ((SELECT sum(seq_tup_read) FROM pg_stat_user_tables) + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes))::float8 AS rows`;
  return read?.rows ?? NaN;
}

/** The rows and index entries that PostgreSQL reads for some work: the same number on a busy machine. */
async function readsOf<T>(work: () => Promise<T>): Promise<{ result: T; reads: number }> {
  const before = await readUntilNow();
  const result = await work();
  return { result, reads: (await readUntilNow()) - before };
}

/** Every page to the end. */
async function walk(sort: OrderSort, filter: OrderFilter = {}, limit = 200): Promise<OrderTableRow[]> {
  const seen: OrderTableRow[] = [];
  for (;;) {
    const page = await orderTable(database, { filter, sort, after: seen.at(-1) ?? null, limit });
    seen.push(...page);
    if (page.length < limit) return seen;
  }
}

/** A statement of a test's own. */
async function change(statement: string): Promise<void> {
  const own = new pg.Client({ connectionString: rig.databaseUrl });
  await own.connect();
  try {
    await own.query(statement);
  } finally {
    await own.end();
  }
}

describe('100,000 orders', () => {
  it.each<[OrderSort, OrderFilter, number]>([
    ['newest', {}, orders],
    ['customer', {}, orders],
    ['newest', { state: 'completed' }, 70_000],
    ['waiting', {}, 10_000],
    ['newest', { holdReason: 'stock' }, 1_000],
    ['oldest', { state: 'open' }, 10_000],
  ])(
    'sorted by %s, of %o, are read page by page, each once, and all pages together read little more than one would',
    async (sort, filter, count) => {
      const { result: seen, reads } = await readsOf(() => walk(sort, filter));
      expect(seen).toHaveLength(count);
      expect(new Set(seen.map(({ orderId }) => orderId)).size).toBe(count);
      expect(reads).toBeLessThan(4 * orders);
    },
  );

  it('are found by an id, by its beginning and by the customer', async () => {
    const [any] = await orderTable(database, { filter: {}, sort: 'oldest', after: null, limit: 1 });
    expect(await walk('newest', { q: any?.orderId ?? '' })).toMatchObject([{ orderId: any?.orderId }]);
    expect((await walk('newest', { q: 'request-7777' })).map(({ requestId }) => requestId).toSorted()[0]).toBe(
      'request-7777',
    );
    expect(await walk('newest', { q: 'c-77' })).toHaveLength(10);
    expect(await walk('newest', { q: 'c-7' })).toHaveLength(10);
    expect(await walk('newest', { q: '%' })).toEqual([]);
    expect(await walk('newest', { q: 'request-_' })).toEqual([]);
    const { reads } = await readsOf(() => walk('newest', { q: 'ord-ab' }, 50));
    expect(reads).toBeLessThan(4 * orders);
  });

  it('are counted no further than is asked, and looked through for changes without being read', async () => {
    const { reads } = await readsOf(async () => {
      const seen = await seenNow(database);
      expect((await changedSince(database, seen, 1_000)).orders).toEqual([]);
    });
    expect(reads).toBeLessThan(100);
    expect(await countOrders(database, {}, 5_000)).toBe(5_000);
    expect(await countOrders(database, { state: 'held' }, 100_001)).toBe(10_000);
    expect(await countOrders(database, {}, 100_001)).toBe(orders);
  });

  it('tell what happens to them beside their facts: a hold of a compensation, holds that end, and the end of what was cancelled', async () => {
    const seen = await seenNow(database);
    const changed = async () =>
      (await changedSince(database, seen, 1_000)).orders.map(({ id, mark }) => `${id} ${mark}`).toSorted();
    await change(`INSERT INTO mediator_store.hold (hold_id, order_id, reason, step, command, message, help, since)
      VALUES ('undo-1', 'ord-compensating', 'compensation', 2, 'refund-payment', '', '', now() - interval '2 seconds')`);
    expect(await changed()).toEqual(['ord-compensating undo-1']);
    await change(`UPDATE mediator_store.hold SET ended_at = now(), ended_by = 'undone' WHERE hold_id = 'undo-1'`);
    await change(
      `UPDATE mediator_store.flow SET state = 'cancelled', finished_at = now() WHERE request_id = 'request-8'`,
    );
    const found = (await walk('newest', { q: 'request-8' })).find(({ requestId }) => requestId === 'request-8');
    expect(await changed()).toEqual([`${found?.orderId} cancelled`, 'ord-compensating undo-1 ended'].toSorted());
  });

  it('tell how many of them wait for an approval, and what changes among returns whatever their number', async () => {
    const people = async () => (await changedSince(database, await seenNow(database), 1_000)).people;
    const before = await people();
    expect(before).toMatchObject({ returns: 0, approvals: 0 });
    await change(`INSERT INTO returns.return (request_id, workflow_id, body_hash, order_id, customer_id, reason, lines, state)
      SELECT 'r-' || n, 'return/r-' || n, '', 'ord-x', 'c-1', 'worn', '[]', state
      FROM unnest(ARRAY['awaiting-approval', 'refunding', 'received']) WITH ORDINALITY AS returns (state, n)`);
    await change(`INSERT INTO mediator_store.hold (hold_id, order_id, reason, step, command, message, help, since)
      VALUES ('approval-1', 'ord-approved', 'approval', 1, 'apply-payment', '', '', now())`);
    const asked = await people();
    expect(asked).toMatchObject({ returns: 1, approvals: 1 });
    await change(`UPDATE returns.return SET trouble = 'The gateway is away.' WHERE request_id = 'r-2'`);
    const troubled = await people();
    expect(troubled).toMatchObject({ returns: 2, approvals: 1 });
    expect((await listReturns(database, { waiting: true, limit: 10 })).map(({ requestId }) => requestId)).toEqual([
      'r-1',
      'r-2',
    ]);
    expect(await countWaitingReturns(database)).toBe(2);
    await change(
      `UPDATE returns.return SET state = 'awaiting-parcel', since = clock_timestamp() WHERE request_id = 'r-1'`,
    );
    const moved = await people();
    expect(moved).toMatchObject({ returns: 2, approvals: 1 });
    await change(`UPDATE returns.return SET trouble = 'The database is away.' WHERE request_id = 'r-2'`);
    const marks = [before, asked, troubled, moved, await people()].map(({ mark }) => mark);
    expect(new Set(marks).size).toBe(5);
    expect((await people()).mark).toBe(marks.at(-1));
  });
});
