import type pg from 'pg';

/** Holds tables against everybody until the returned function is called. */
export const holdTables = (pool: pg.Pool, tables: readonly string[]): Promise<() => Promise<void>> =>
  holdBy(pool, ...tables.map((table) => `LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`));

/** Keeps what these statements lock until the returned function is called; to call it again does nothing. */
export async function holdBy(pool: pg.Pool, ...statements: readonly string[]): Promise<() => Promise<void>> {
  const connection = await pool.connect();
  await connection.query('BEGIN');
  for (const statement of statements) await connection.query(statement);
  let released: Promise<void> | undefined;
  const release = async () => {
    await connection.query('COMMIT');
    connection.release();
  };
  return () => (released ??= release());
}
