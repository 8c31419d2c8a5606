import type pg from 'pg';

/** The number that a query gives as the column `n` of its row. */
export async function numberOf(sql: pg.Pool, text: string, values: readonly unknown[] = []): Promise<number> {
  const { rows } = await sql.query<Record<string, unknown>>(text, [...values]);
  const n = rows[0]?.['n'];
  if (typeof n !== 'number') throw new Error(`This query gives no number n: ${text}`);
  return n;
}
