import type pg from 'pg';

/** What became of a run's messages in the database. */
export interface Counted {
  /** Messages with an effect. */
  readonly done: number;
  /** Effects beyond the first of their message. */
  readonly doubled: number;
}

export const createTables = (sql: pg.Pool): Promise<unknown> =>
  sql.query(`
    CREATE TABLE inbox (run text, number int, PRIMARY KEY (run, number));
    CREATE TABLE effect (run text NOT NULL, number int NOT NULL);
    CREATE INDEX effect_run ON effect (run)`);

/**
 * One effect of a message. With an inbox a message that comes again has none, because both rows are one transaction's.
 */
export const applyEffect = (
  sql: pg.Pool,
  { run, number, hasInbox }: { readonly run: string; readonly number: number; readonly hasInbox: boolean },
): Promise<unknown> =>
  sql.query(
    hasInbox
      ? `WITH fresh AS (INSERT INTO inbox VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING run, number)
         INSERT INTO effect SELECT run, number FROM fresh`
      : 'INSERT INTO effect VALUES ($1, $2)',
    [run, number],
  );

export async function counted(sql: pg.Pool, run: string): Promise<Counted> {
  const { rows } = await sql.query<Counted>(
    `SELECT count(DISTINCT number)::int AS done, (count(*) - count(DISTINCT number))::int AS doubled FROM effect WHERE run = $1`,
    [run],
  );
  return rows[0] ?? { done: 0, doubled: 0 };
}
