import { randomBytes } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import pg from 'pg';
import { expect } from 'vitest';
import { createCarrier } from '../../../activities/shipping/carrier.ts';
import { createShippingProcessor } from '../../../activities/shipping/processor.ts';
import { createShippingStore } from '../../../activities/shipping/store.ts';
import type { FactName } from '../../../contracts/facts.ts';
import type { RefusalDetails, RefusalType } from '../../../contracts/failures.ts';
import { openDatabase, type Database } from '../../../prisma/database.ts';
import { openRig, type Rig, type RigParts } from '../../support/rig.ts';
import { until } from '../../support/until.ts';
import type { Address } from '../../../contracts/address.ts';
import type { ShippingProcessor } from '../../../contracts/shipping.ts';

/** A processor's own database, and what a test asks of it without going through the processor. */
export interface Workbench {
  readonly rig: Rig;
  readonly database: Database;
  sql<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Names of a key's facts, by sequence; fails when a sequence is missing. */
  factsOf(key: string): Promise<FactName[]>;
  /** Holds what a command of the order needs last (its fact's counter), so that it stays in the middle until released. */
  holdFactsOf(key: string): Promise<() => Promise<void>>;
  /** Leaves the order's tombstone in a transaction that stays open until the returned function commits it. */
  holdTombstoneOf(schema: string, orderId: string): Promise<() => Promise<void>>;
  /** Locks a title's stock row until released, so that whoever needs it stays in the middle. */
  holdStockOf(isbn: string): Promise<() => Promise<void>>;
  /** Resolves when so many statements wait for a lock at the same moment. */
  waiting(count: number): Promise<unknown>;
  /** How many statements a call makes on the processor's connections; NOTIFY is not counted. */
  statementsOf(call: (counted: Database) => Promise<unknown>): Promise<number>;
  close(): Promise<void>;
}

export async function openWorkbench(parts: RigParts = {}): Promise<Workbench> {
  const rig = await openRig(parts);
  const database = openDatabase(rig.databaseUrl, { poolSize: 25 });
  const pool = new pg.Pool({ connectionString: rig.databaseUrl, max: 4 });
  rig.onClose(() => pool.end());
  rig.onClose(database.close);
  const sql = async <Row>(text: string, values: readonly unknown[] = []) =>
    (await pool.query(text, [...values])).rows as Row[];
  return {
    rig,
    database,
    sql,
    async factsOf(key) {
      const query = 'SELECT name, sequence::int FROM outbox.fact WHERE key = $1 ORDER BY position';
      const facts = await sql<{ name: FactName; sequence: number }>(query, [key]);
      expect(facts.map(({ sequence }) => sequence)).toEqual(facts.map((_, index) => index + 1));
      return facts.map(({ name }) => name);
    },
    holdFactsOf: (key) => hold({ rig, pool }, counterOf, key, 'ROLLBACK'),
    holdTombstoneOf: (schema, orderId) =>
      hold({ rig, pool }, `INSERT INTO ${schema}.guard VALUES ($1, true)`, orderId, 'COMMIT'),
    holdStockOf: (isbn) =>
      hold({ rig, pool }, 'SELECT FROM inventory.stock WHERE isbn = $1 FOR UPDATE', isbn, 'ROLLBACK'),
    waiting: (count) => until(async () => (await waiters(sql)) >= count, { what: `${count} statements that wait` }),
    statementsOf: (call) => countStatements(rig.databaseUrl, call),
    close: rig.close,
  };
}

/** Makes the key's counter row and locks it; nothing is left of it when it is let go. */
const counterOf = 'INSERT INTO outbox.counter VALUES ($1, 99) ON CONFLICT (key) DO UPDATE SET key = excluded.key';

/** Runs a statement in a transaction that stays open until the returned function ends it; a test that failed before is ended by the rig. */
async function hold(bench: Bench, statement: string, key: string, end: 'COMMIT' | 'ROLLBACK') {
  const connection = await bench.pool.connect();
  await connection.query('BEGIN');
  await connection.query(statement, [key]);
  let ended: Promise<void> | undefined;
  const letGo = () => (ended ??= connection.query(end).then(() => connection.release()));
  bench.rig.onClose(letGo);
  return letGo;
}

interface Bench {
  readonly rig: Rig;
  readonly pool: pg.Pool;
}

async function waiters(sql: Workbench['sql']): Promise<number> {
  const query = `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return (await sql<{ count: number }>(query))[0]?.count ?? 0;
}

/** Counts what goes over connections of its own. A transaction's begin and end are not counted. */
async function countStatements(databaseUrl: string, call: (counted: Database) => Promise<unknown>): Promise<number> {
  const url = new URL(databaseUrl);
  url.searchParams.set('application_name', 'counted');
  const database = openDatabase(url.href, { poolSize: 1 });
  const sent: string[] = [];
  const { query } = pg.Client.prototype;
  type Counted = { readonly connectionParameters?: { readonly application_name?: string } };
  function counting(this: Counted, asked: string | { readonly text?: string }, ...rest: readonly unknown[]) {
    if (this.connectionParameters?.application_name === 'counted')
      sent.push((typeof asked === 'string' ? asked : asked.text) ?? '');
    return Reflect.apply(query, this, [asked, ...rest]) as unknown;
  }
  Reflect.set(pg.Client.prototype, 'query', counting);
  try {
    await call(database);
  } finally {
    await database.close();
    pg.Client.prototype.query = query;
  }
  return sent.filter((text) => !/^(BEGIN|COMMIT|ROLLBACK|NOTIFY)/.test(text)).length;
}

/** The shipping processor on the rig's carrier. */
export const shippingOf = ({ rig }: Workbench, database: Database): ShippingProcessor =>
  createShippingProcessor({ carrier: createCarrier(rig.carrier.url), store: createShippingStore(database) });

/** A new order id. */
export const anOrderId = (): string => `ord-${randomBytes(10).toString('hex')}`;

/** Where the orders of these tests go. */
export const address = (country: Address['country'] = 'DE'): Address => ({
  name: 'Anna Lindqvist',
  street: '1 Harbour Street',
  city: 'Hamburg',
  postcode: '20457',
  country,
});

/** Fails unless the call is refused with this type and these details, and not retried. */
export async function expectRefusal<Type extends RefusalType>(
  call: Promise<unknown>,
  type: Type,
  details: RefusalDetails[Type],
): Promise<void> {
  const error = await call.then(
    (answer) => expect.fail(`It was not refused: ${JSON.stringify(answer)}`),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ApplicationFailure);
  expect(error).toMatchObject({ type, nonRetryable: true, details: [details] });
}

/** The same call so many times at once. */
export const atOnce = <T>(times: number, call: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, (_, index) => call(index)));

export const isbns = {
  plenty: '9780134685991',
  alsoPlenty: '9780132350884',
  scarce: '9780653527437',
  low: '9781341303326',
  tooHeavy: '9780058387414',
} as const;
