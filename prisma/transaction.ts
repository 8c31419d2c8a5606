import pg, { type PoolClient } from 'pg';
import { sessionOn } from './session.ts';

/** A pool for one part that works for a long time, and waits for PostgreSQL when it is away. */
export function openPool(databaseUrl: string, own: { readonly application_name: string; readonly max: number }) {
  const limits = { connectionTimeoutMillis: 5_000, statement_timeout: 10_000, keepAlive: true };
  const pool = new pg.Pool({ ...sessionOn(databaseUrl), ...limits, ...own });
  // The pool replaces an idle connection that breaks.
  pool.on('error', () => undefined);
  return pool;
}

/** The connection broke in the middle of a transaction: it had no effect, unless it broke at the very commit. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/**
 * One transaction on a connection of a pool, which gets the connection back: committed when the work resolves, rolled
 * back when it rejects. Rejects with `ConnectionLost` when the connection breaks meanwhile.
 */
export async function within<Result>(
  client: PoolClient,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  client.on('error', ignore);
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    // When even the rollback fails the connection is of no use any more: closing it rolls back.
    const isLost = await client.query('ROLLBACK').then(
      () => false,
      () => true,
    );
    client.release(isLost);
    throw isLost ? new ConnectionLost('The connection to PostgreSQL was lost.', { cause: error }) : error;
  } finally {
    client.off('error', ignore);
  }
}

/** The statement under way, or the next one, rejects with the same error. */
const ignore = (): void => undefined;
