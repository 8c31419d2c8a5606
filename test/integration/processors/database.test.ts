import { readdirSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrderRecords } from '../../../activities/mediator-store/order-records.ts';
import { loadOrderPolicy } from '../../../config/order-policy.ts';
import { instant, text } from '../../../prisma/codec.ts';
import { openDatabase } from '../../../prisma/database.ts';
import { migrate } from '../../../prisma/migrate.ts';
import { sql } from '../../../prisma/sql.ts';
import { statement } from '../../../prisma/statement.ts';
import { noFilters, withSchemaEngine } from '../../support/schema-engine.ts';
import { seed } from '../../../prisma/seed/seed.ts';
import { anOrder } from '../../support/shop.ts';
import { until } from '../../support/until.ts';
import { atOnce, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.close());

const settingsOf = statement(
  'test.settings',
  { dates: text, zone: text, isolation: text, bytes: text, memory: text, at: instant },
  () => sql`SELECT current_setting('datestyle') AS dates, current_setting('timezone') AS zone,
    current_setting('transaction_isolation') AS isolation, current_setting('bytea_output') AS bytes, current_setting('work_mem') AS memory,
    '2026-11-09 10:15:30.25+00'::timestamptz AS at`,
);

const schemaFolder = join(import.meta.dirname, '../../../prisma/schema');

/** The SQL that makes an empty database what the models say. */
async function sqlOfModels(): Promise<string> {
  const names = (await readdir(schemaFolder)).toSorted();
  const files = await Promise.all(
    names.map(async (name) => ({
      path: join(schemaFolder, name),
      content: await readFile(join(schemaFolder, name), 'utf8'),
    })),
  );
  const to = { tag: 'schemaDatamodel' as const, files };
  const diff = { from: { tag: 'empty' as const }, to, script: true, exitCode: null, filters: noFilters };
  const { stdout } = await withSchemaEngine(bench.rig.databaseUrl, (engine) => engine.diff(diff));
  return stdout ?? '';
}

/** Tables with columns, keys, foreign keys and plain indexes; what the models cannot say is left out. */
const shape = `
  SELECT table_schema || '.' || table_name || '.' || column_name AS what,
    concat_ws(' ', data_type, is_nullable, regexp_replace(column_default, '^.*nextval.*$', 'nextval')) AS how
  FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema', 'public')
  UNION ALL
  SELECT schemaname || '.' || indexname, indexdef FROM pg_indexes
  WHERE schemaname NOT IN ('pg_catalog', 'public') AND indexdef NOT LIKE '% WHERE %'
  UNION ALL
  SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
  WHERE contype IN ('p', 'u', 'f') AND connamespace NOT IN ('pg_catalog'::regnamespace, 'public'::regnamespace)
  ORDER BY 1, 2`;

async function inOtherDatabase<T>(name: string, use: (url: string) => Promise<T>): Promise<T> {
  const url = new URL(bench.rig.databaseUrl);
  url.pathname = `${url.pathname}_${name}`;
  try {
    return await use(url.href);
  } finally {
    await bench.sql(`DROP DATABASE IF EXISTS ${url.pathname.slice(1)} WITH (FORCE)`);
  }
}

async function ask<Row>(url: string, ...statements: string[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Row[] = [];
    for (const part of statements) ({ rows } = (await client.query(part)) as unknown as { rows: Row[] });
    return rows;
  } finally {
    await client.end();
  }
}

/** The folders, in the order in which they are applied. */
const migrationNames = (): string[] =>
  readdirSync(new URL('../../../prisma/migrations/', import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();

describe('migrations', () => {
  it('make what the models say, neither more nor less', async () => {
    const models = await inOtherDatabase('models', async (url) => {
      await bench.sql(`CREATE DATABASE ${new URL(url).pathname.slice(1)}`);
      return ask(url, await sqlOfModels(), shape);
    });
    const migrated = await inOtherDatabase('migrated', async (url) => {
      await migrate(url);
      return ask(url, shape);
    });
    expect(migrated.length).toBeGreaterThan(100);
    expect(migrated).toEqual(models);
  });

  it('make a missing database, are applied once when two start at the same time, and are in Prisma’s own table', async () => {
    await inOtherDatabase('fresh', async (url) => {
      const applied = await atOnce(2, () => migrate(url));
      expect(applied.flat()).toEqual(migrationNames());
      expect(await migrate(url)).toEqual([]);
      const rows = await ask(url, 'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL');
      expect(rows).toEqual(applied.flat().map((name) => ({ migration_name: name })));
    });
  });
});

describe('the seed', () => {
  it('does not bring back stock that was sold', async () => {
    await bench.sql(`UPDATE inventory.stock SET on_hand = 7 WHERE isbn = '9780134685991'`);
    await seed(bench.rig.databaseUrl);
    expect(await bench.sql(`SELECT on_hand FROM inventory.stock WHERE isbn = '9780134685991'`)).toEqual([
      { on_hand: 7 },
    ]);
  });

  it('has at least 200 titles, each with a valid ISBN, a weight, stock, a reorder rule and a price in every currency', async () => {
    const titles = await bench.sql<{ isbn: string; complete: boolean }>(`
      SELECT isbn, (SELECT count(*) = 3 FROM order_placement.price WHERE price.isbn = title.isbn) AS complete
      FROM order_placement.title JOIN inventory.stock USING (isbn) JOIN order_fulfillment.weight USING (isbn)
        JOIN warehouse.reorder_rule USING (isbn)`);
    expect(titles.length).toBeGreaterThanOrEqual(200);
    for (const { isbn, complete } of titles) {
      const sum = isbn.split('').reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
      expect([isbn, isbn.length, sum % 10, complete]).toEqual([isbn, 13, 0, true]);
    }
  });
});

describe('facts', () => {
  it('of one key have a gapless sequence that rises with their positions, however many are written at once', async () => {
    await atOnce(
      60,
      (index) =>
        bench.database.prisma.$queryRaw`SELECT outbox.record_fact('orders', 'email-sent', ${`key-${index % 3}`}, '{}')`,
    );
    for (const key of ['key-0', 'key-1', 'key-2']) {
      const facts = await bench.sql<{ sequence: number }>(
        'SELECT sequence::int FROM outbox.fact WHERE key = $1 ORDER BY position',
        [key],
      );
      expect(facts.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    }
  });

  it('leave no gap when a transaction is rolled back', async () => {
    const record = `SELECT outbox.record_fact('orders', 'email-sent', 'rolled-back', '{}')`;
    await ask(bench.rig.databaseUrl, 'BEGIN', record, 'ROLLBACK', record, record);
    expect(await bench.factsOf('rolled-back')).toHaveLength(2);
  });

  it('wake the relay when they are committed, and not before', async () => {
    const listener = new pg.Client({ connectionString: bench.rig.databaseUrl });
    await listener.connect();
    try {
      await listener.query('LISTEN outbox');
      const heard: unknown[] = [];
      listener.on('notification', (notification) => heard.push(notification));
      const records = createOrderRecords(bench.database);
      const event = anOrder();
      const { requestId } = event;
      const received = { event, bodyHash: 'h', mediatorClass: 'hard', policy: loadOrderPolicy({}) } as const;
      const { orderId } = await records.receiveOrder({ ...received, workflowId: `order/${requestId}` });
      const release = await bench.holdFactsOf(orderId);
      const end = { requestId, orderId, outcome: 'completed', reason: null, total: null, steps: [] } as const;
      const finishing = records.finishOrder(end);
      await bench.waiting(1);
      await listener.query('SELECT pg_sleep(0.2)');
      expect(heard).toHaveLength(0);
      await release();
      await finishing;
      await until(() => Promise.resolve(heard.length > 0), { what: 'the relay to be woken' });
      expect(await bench.factsOf(orderId)).toEqual(['order-completed']);
    } finally {
      await listener.end();
    }
  });
});

describe('a database that is set otherwise', () => {
  it('is read and written as ours: each connection sets what its statements depend on', async () => {
    await inOtherDatabase('set_otherwise', async (url) => {
      const name = new URL(url).pathname.slice(1);
      await bench.sql(`CREATE DATABASE ${name}`);
      const otherwise = {
        datestyle: "'SQL, DMY'",
        timezone: "'Asia/Kolkata'",
        intervalstyle: "'sql_standard'",
        bytea_output: "'escape'",
        default_transaction_isolation: "'serializable'",
        search_path: 'pg_catalog',
      };
      for (const [setting, value] of Object.entries(otherwise)) {
        await bench.sql(`ALTER DATABASE ${name} SET ${setting} = ${value}`);
      }
      await migrate(url);
      await seed(url);
      const database = openDatabase(`${url}?options=${encodeURIComponent('-c timezone=Asia/Tokyo -c work_mem=8MB')}`);
      try {
        const [row] = await database.run(settingsOf());
        expect(row).toEqual({
          dates: expect.stringMatching(/^ISO/) as string,
          zone: 'UTC',
          isolation: 'read committed',
          bytes: 'hex',
          memory: '8MB',
          at: '2026-11-09T10:15:30.250Z',
        });
      } finally {
        await database.close();
      }
    });
  });
});
