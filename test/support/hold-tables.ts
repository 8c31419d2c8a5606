import type pg from 'pg';

/** Holds tables against everybody until the returned function is called. */
export async function holdTables(pool: pg.Pool, tables: readonly string[]): Promise<() => Promise<void>> {
  const connection = await pool.connect();
  await connection.query('BEGIN');
  for (const table of tables) await connection.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  return async () => {
    await connection.query('COMMIT');
    connection.release();
  };
}
