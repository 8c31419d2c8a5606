import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client.ts';
import { relayWaker } from './relay-waker.ts';
import { sessionOn, statementTimeout } from './session.ts';
import { nameOf, runnerOn, type SqlRunner } from './statement.ts';
import { within } from './transaction.ts';

/** A database that does not answer is a fault after this time, so that the caller can ask again. */
const patience = { connectionTimeoutMillis: 5_000, statement_timeout: statementTimeout };

/**
 * The time limit of its statements ends a transaction. Prisma's own limit, which may crash the process during a commit,
 * comes long after it.
 */
const transactionOptions = { maxWait: patience.connectionTimeoutMillis, timeout: 60_000 };

/**
 * The connections of one process, all on one pool: Prisma's client for plain statements, and `run` for every other one.
 */
export type Database = ReturnType<typeof openDatabase>;

/** Opens a pool of connections. Nothing is connected before the first query. */
export function openDatabase(url: string, options: { readonly poolSize?: number } = {}) {
  const pool = new pg.Pool({ ...sessionOn(url), max: options.poolSize ?? 10, ...patience });
  // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  const adapter = new PrismaPg(pool, { statementNameGenerator: ({ sql }) => nameOf(sql) });
  const prisma = new PrismaClient({ adapter, transactionOptions });
  const relay = relayWaker(pool);
  return {
    prisma,
    ...runnerOn(pool),
    /**
     * Commits when the work resolves, rolls back when it rejects. Each statement sees every commit that came before it
     * began.
     */
    transaction: async <Result>(work: (on: SqlRunner) => Promise<Result>): Promise<Result> =>
      within(await pool.connect(), (client) => work(runnerOn(client))),
    /** Tells the relay that there are facts to publish; see `relayWaker`. */
    wakeRelay: relay.wake,
    /** Waits for a NOTIFY in flight and gives the connections back. */
    async close(): Promise<void> {
      await relay.settled();
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
