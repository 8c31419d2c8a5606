import { describe, expect, it } from 'vitest';
import { int, text } from '../../../prisma/codec.ts';
import { empty, join, raw, sql } from '../../../prisma/sql.ts';
import { registeredStatements, runnerOn, statement } from '../../../prisma/statement.ts';

const named = statement(
  'test.named',
  { id: int, name: text },
  (ids: readonly number[], condition = empty) =>
    sql`SELECT id, name FROM ${raw('shelf.book')} WHERE id IN (${join([...ids])}) ${condition}`,
);

/** A connection that answers everything with these rows, and keeps what it was asked. */
function connectionWith(rows: readonly object[]) {
  const asked: object[] = [];
  const query = (question: object) => {
    asked.push(question);
    return Promise.resolve({ rows, rowCount: rows.length });
  };
  return { asked, runner: runnerOn({ query: query as never }) };
}

describe('a statement', () => {
  it('makes text and parameters of its arguments, also of SQL within SQL', () => {
    const { sql: made } = named([7, 8], sql`AND name = ${'x'}`);
    expect(made.text).toBe('SELECT id, name FROM shelf.book WHERE id IN ($1,$2) AND name = $3');
    expect(made.values).toEqual([7, 8, 'x']);
  });

  it('is sent under a name that is the same for the same text, and gives its rows', async () => {
    const { asked, runner } = connectionWith([{ id: 7, name: 'x' }]);
    expect(await runner.run(named([7]))).toEqual([{ id: 7, name: 'x' }]);
    await runner.run(named([8]));
    await runner.run(named([7, 8]));
    const [first, second, other] = asked as { readonly name: string }[];
    expect(second?.name).toBe(first?.name);
    expect(other?.name).not.toBe(first?.name);
    expect(first?.name.length).toBeLessThan(64);
  });

  it('says its name when a row is not as it declares', async () => {
    const { runner } = connectionWith([{ id: 7, name: null }]);
    await expect(runner.run(named([7]))).rejects.toThrow(
      'The statement test.named gave another row than it declares: Column "name" is null, not text.',
    );
  });

  it('says how many rows it wrote', async () => {
    expect(await connectionWith([{}, {}]).runner.execute(named([7]))).toBe(2);
  });

  it('has a name of its own', () => {
    expect(registeredStatements.get('test.named')).toBe(named);
    expect(() => statement('test.named', {}, () => empty)).toThrow('Two statements are called test.named');
  });
});
