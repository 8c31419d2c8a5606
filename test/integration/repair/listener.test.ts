import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeFact } from '../../../broker-bridge/facts/cloud-events.ts';
import { createDeadLetters } from '../../../broker-bridge/dead-letter/dead-letters.ts';
import type { Listener } from '../../../broker-bridge/facts/listener.ts';
import { startListener } from '../../../broker-bridge/facts/start-listener.ts';
import { ensureFactStream } from '../../../broker-bridge/nats/our-streams.ts';
import { eventHeaders } from '../../../contracts/customer-event-queue.ts';
import { listenerRetries, retryHeaders } from '../../../contracts/mediators/repair.ts';
import { createRepairCaseStore } from '../../../activities/repair/case-store.ts';
import { holdTables } from '../../support/hold-tables.ts';
import { raw, sql } from '../../../prisma/sql.ts';
import { statement } from '../../../prisma/statement.ts';
import { until } from '../../support/until.ts';
import { erroneous, openStage, orderOf, type Stage } from './stage.ts';
import { silentLog } from '../../support/silent-log.ts';
import { aWrittenFact } from '../../support/facts.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await ensureFactStream(stage.broker);
  for (const name of ['stock-book', 'onlooker']) {
    const part = startListener({
      listener: bookkeeper(name),
      databaseUrl: stage.rig.databaseUrl,
      broker: stage.broker,
      deadLetters: stage,
      log: silentLog,
    });
    stage.rig.onClose(() => part.stop());
  }
});
afterAll(() => stage.rig.close());

const addTaken = statement(
  'test.add-taken',
  {},
  (schema: string, key: string, sequence: number, id: string, quantity: string) =>
    sql`INSERT INTO ${raw(schema)}.taken VALUES (${key}, ${sequence}, ${id}, ${quantity})`,
);

/** Takes facts of stock in their order, and fails on quantities that are no numbers; the onlooker takes whatever is a fact. */
const bookkeeper = (name: string): Listener => {
  const schema = name.replace('-', '_');
  return {
    name,
    schema,
    about: 'is a test',
    reads: 'stock',
    follows: 'every-fact-of-a-key',
    deadLetterAfter: 2,
    tables: `CREATE TABLE IF NOT EXISTS ${schema}.taken (key text, sequence bigint, id text, quantity text, PRIMARY KEY (key, sequence))`,
    async apply(tx, { key, sequence, id, body }) {
      const { quantity } = body as { readonly quantity?: unknown };
      if (name === 'stock-book' && typeof quantity !== 'number') throw new Error('a quantity is a number');
      await tx.execute(addTaken(schema, key, sequence, id, String(quantity)));
    },
  };
};

const idOf = (key: string, sequence: number): string =>
  `00000000-0000-4000-8000-${key.slice(-6)}${String(sequence).padStart(6, '0')}`;

async function publish(
  key: string,
  sequence: number,
  quantity: unknown,
  body?: Uint8Array,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const ordered = { isbn: key, purchaseOrderId: 'po-1', orderId: 'ord-1', quantity };
  const message = encodeFact(aWrittenFact('stock-ordered', key, ordered, { id: idOf(key, sequence), sequence }));
  const headers = { ...message.headers, ...more };
  await stage.broker.publish({ ...message, headers, data: body ?? message.data });
}

const taken = (schema: string, key: string) =>
  stage.database.prisma.$queryRawUnsafe<{ sequence: number; id: string; quantity: string }[]>(
    `SELECT sequence::int, id, quantity FROM ${schema}.taken WHERE key = $1 ORDER BY sequence`,
    key,
  );

const casesOf = async (key: string) => {
  const { prisma } = stage.database;
  const rows = await prisma.$queryRaw<{ caseId: string; state: string; rules: string[]; reason: string }[]>`
    SELECT case_id AS "caseId", state, rules, reason FROM repair.case WHERE subject LIKE ${`%.${key}`}`;
  return rows;
};

const opened = async (consumer: string): Promise<number> =>
  (await stage.database.prisma.$queryRaw<object[]>`SELECT FROM repair.case WHERE consumer = ${consumer}`).length;

const utf16 = (text: string): Uint8Array => Buffer.from(`\uFEFF${text}`, 'utf16le');

describe('a listener that meets a message it cannot take', () => {
  test('gets a fact that it failed on back repaired, under its own id and in its own place; nobody else does', async () => {
    const key = '9780134685991';
    await publish(key, 1, 3);
    await publish(key, 2, '12 EACH');
    await publish(key, 3, 4);
    await until(async () => (await taken('stock_book', key)).length === 3, { within: 30_000 });
    expect(await taken('stock_book', key)).toEqual([
      { sequence: 1, id: idOf(key, 1), quantity: '3' },
      { sequence: 2, id: idOf(key, 2), quantity: '12' },
      { sequence: 3, id: idOf(key, 3), quantity: '4' },
    ]);
    expect((await taken('onlooker', key)).map(({ quantity }) => quantity)).toEqual(['3', '12 EACH', '4']);
    const [only] = await until(async () => {
      const cases = await casesOf(key);
      return cases[0]?.state === 'repaired' && cases;
    });
    expect(only).toMatchObject({ reason: 'not-taken', rules: ['quantity-with-unit@1'] });
    expect((await stage.broker.streamInfo(listenerRetries.stream))?.messages).toBe(0);
  });

  test('gets a message back that was no fact because of its encoding', async () => {
    const key = '9780201633610';
    const body = JSON.stringify({ isbn: key, purchaseOrderId: 'po-1', orderId: 'ord-1', quantity: 5 });
    await publish(key, 1, 5, utf16(body));
    await until(async () => (await taken('stock_book', key)).length === 1, { within: 30_000 });
    await until(async () => (await taken('onlooker', key)).length === 1, { within: 30_000 });
    expect((await casesOf(key)).map(({ rules }) => rules)).toEqual([['utf-16@1'], ['utf-16@1']]);
  });

  test('goes on with later facts of the key when the fact was given up, and with other keys at once', async () => {
    const [key, other] = ['9780132350884', '9780596007126'] as const;
    await publish(key, 1, 'a dozen');
    await publish(key, 2, 4);
    await publish(other, 1, 5);
    await until(async () => (await taken('stock_book', other)).length === 1);
    const [waiting] = await until(async () => {
      const cases = await casesOf(key);
      return cases[0]?.state === 'waiting' && cases;
    });
    expect(await taken('stock_book', key)).toEqual([]);
    await stage.act(waiting!.caseId, 'discard', { actor: 'Ruth', reason: 'Counted anew.' });
    await until(async () => (await taken('stock_book', key)).length === 1, { within: 30_000 });
    expect((await taken('stock_book', key)).map(({ sequence }) => sequence)).toEqual([2]);
  });

  test('hands a fact that fails again back to the same case', async () => {
    const key = '9781593279288';
    await publish(key, 1, 'many');
    const [first] = await until(async () => {
      const cases = await casesOf(key);
      return cases[0]?.state === 'waiting' && cases;
    });
    const body = { isbn: key, purchaseOrderId: 'po-1', orderId: 'ord-1' };
    const refused = await stage.act(first!.caseId, 'resubmit', { actor: 'Ruth', body: JSON.stringify(body) });
    expect(refused).toMatchObject({ ok: false, problems: [{ field: 'quantity' }] });
    const fits = JSON.stringify({ ...body, quantity: 6 });
    // The listener's table refuses it for a reason of its own.
    await stage.database.prisma.$executeRawUnsafe(
      `ALTER TABLE stock_book.taken ADD CONSTRAINT small CHECK (key <> '${key}' OR quantity::int < 6)`,
    );
    await stage.act(first!.caseId, 'resubmit', { actor: 'Ruth', body: fits });
    const again = await until(
      async () => {
        const found = await stage.caseOf(first!.caseId);
        return found.state === 'waiting' && found.audit.some(({ step }) => step === 'returned') && found;
      },
      { within: 30_000 },
    );
    expect(await casesOf(key)).toHaveLength(1);
    expect(again.resubmissions).toBe(1);
    const five = JSON.stringify({ ...body, quantity: 5 });
    await stage.act(first!.caseId, 'resubmit', { actor: 'Ruth', body: five });
    expect(await stage.end(first!.caseId)).toBe('repaired');
    expect(await taken('stock_book', key)).toMatchObject([{ sequence: 1, quantity: '5' }]);
  });
});

describe('a message from anybody', () => {
  test('with headers that PostgreSQL cannot keep becomes a case all the same', async () => {
    const key = '9780131103627';
    await publish(key, 1, 1, Buffer.from('{"half":'), { odd: 'a\u0000b' });
    const [only] = await until(async () => nonEmpty((await casesOf(key)).filter(({ state }) => state === 'waiting')));
    expect((await stage.caseOf(only!.caseId)).headers).toMatchObject({ odd: 'a\uFFFDb' });
  });

  test('that says it comes back from a case is a case of its own when it is broadcast', async () => {
    const victim = erroneous(orderOf('a dozen'));
    await stage.send(victim, false);
    await stage.isIn(victim.caseId, 'waiting');
    const key = '9780262033848';
    const pretence = { [retryHeaders.subject]: 'stock.fact.stock-ordered.1', [eventHeaders.caseId]: victim.caseId };
    await publish(key, 1, 1, Buffer.from('{"half":'), pretence);
    await until(async () => (await casesOf(key)).length === 2);
    expect((await stage.caseOf(victim.caseId)).audit.map(({ step }) => step)).toEqual(['handed-over', 'waiting']);
  });
});

describe('Temporal', () => {
  test('that does not answer a hand-over keeps no fact waiting', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const connection = Connection.lazy({ address: `127.0.0.1:${(silent.address() as AddressInfo).port}` });
    const cases = createRepairCaseStore(stage.database);
    const real = createDeadLetters({
      client: new Client({ connection }),
      cases,
      policy: { reminders: [], checkAfter: '1 day' },
      log: silentLog,
    });
    let over = 0;
    const deadLetters = { ...real, send: (...given: Parameters<typeof real.send>) => real.send(...given).finally(() => (over += 1)) }; // prettier-ignore
    const listener = bookkeeper('quick-book');
    const options = { databaseUrl: stage.rig.databaseUrl, broker: stage.broker, deadLetters, log: silentLog };
    const [bad, good] = ['9780136083238', '9780137081073'] as const;
    await publish(bad, 1, 1, Buffer.from('{"half":'));
    const part = startListener({ listener, ...options });
    await until(async () => (await opened('listener:quick-book')) > 0);
    over = 0;
    await publish(good, 1, 5);
    await until(async () => (await taken('quick_book', good)).length === 1, { within: 30_000 });
    expect(over).toBe(0);
    await part.stop();
    await connection.close();
    silent.close();
  });
});

describe('PostgreSQL', () => {
  const key = '9780321125217';
  let pool: pg.Pool;
  beforeAll(() => {
    pool = new pg.Pool({ connectionString: stage.rig.databaseUrl, max: 2 });
    stage.rig.onClose(() => pool.end());
  });

  test('that is held up, or breaks off in the middle, is no fault of a fact', async () => {
    const said: string[] = [];
    const say = (_: object, message: string) => void said.push(message);
    const databaseUrl = new URL(stage.rig.databaseUrl);
    databaseUrl.searchParams.set('options', '-c lock_timeout=300');
    const options = { broker: stage.broker, deadLetters: stage, log: { debug: say, info: say, warn: say, error: say } };
    const part = startListener({ ...options, listener: bookkeeper('late-book'), databaseUrl: databaseUrl.href });
    stage.rig.onClose(() => part.stop());
    await publish(key, 1, 3);
    await until(async () => (await taken('late_book', key).catch(() => [])).length === 1);
    const release = await holdTables(pool, ['late_book.taken']);
    try {
      said.length = 0;
      await publish(key, 2, 4);
      await until(() => said.filter((one) => one.includes('asked for again later')).length >= 2, { within: 30_000 });
      await breakOff().catch((cause: unknown) => {
        throw new Error(`Nobody waited for the table: ${said.join('; ')}`, { cause });
      });
    } finally {
      await release();
    }
    await until(async () => (await taken('late_book', key)).length === 2, { within: 30_000 });
    expect(said.filter((one) => one.includes('dead letter'))).toEqual([]);
    expect(await casesOf(key)).toEqual([]);
  });

  /** Looked for where it happens: the listener waits for the table for moments only. */
  const breakOff = () =>
    pool.query(`DO $$ BEGIN
      FOR look IN 1..10000 LOOP
        PERFORM pg_stat_clear_snapshot();
        PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'listener-late_book' AND wait_event_type = 'Lock';
        IF FOUND THEN RETURN; END IF;
        PERFORM pg_sleep(0.005);
      END LOOP;
      RAISE 'looked 50 seconds for it';
    END $$`);
});

const nonEmpty = <Item>(items: readonly Item[]): readonly Item[] | false => items.length > 0 && items;
