import type { PoolClient } from 'pg';

/** One transaction on a connection of a pool, which gets it back: committed when the work resolves, rolled back when it rejects. */
export async function within<Result>(
  client: PoolClient,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    // When even the rollback fails the connection is of no use any more: closing it rolls back.
    await client.query('ROLLBACK').then(
      () => client.release(),
      () => client.release(true),
    );
    throw error;
  }
}
