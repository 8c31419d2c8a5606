import pg from 'pg';
import type { Columns } from '../../../prisma/codec.ts';
import type { Query, Statement } from '../../../prisma/statement.ts';

/** Arguments with which a statement is described. */
export interface Sample {
  readonly statement: string;
  readonly columns: Columns;
  readonly query: Query<unknown>;
}

/** A sample of a statement. One whose text depends on its arguments has several. */
export const sample = <Args extends readonly unknown[], Row>(
  statement: Statement<Args, Row>,
  ...args: Args
): Sample => ({ statement: statement.statement, columns: statement.columns, query: statement(...args) });

export interface DescribedColumn {
  readonly name: string;
  readonly type: string;
}

/** Asks PostgreSQL which rows a text gives: it is parsed and described, never executed. */
export async function describeColumns(client: pg.Client, text: string): Promise<readonly DescribedColumn[]> {
  const fields = await new Promise<readonly pg.FieldDef[]>((resolve, reject) => {
    client.query(new Description(text, resolve, reject));
  });
  if (fields.length === 0) return [];
  const { rows } = await client.query<DescribedColumn>(
    `SELECT name, format_type(oid, NULL) AS type FROM unnest($1::text[], $2::oid[]) AS field (name, oid)`,
    [fields.map(({ name }) => name), fields.map(({ dataTypeID }) => dataTypeID)],
  );
  return rows;
}

/** One use of a connection, in the form in which `pg` runs its own queries. */
class Description implements pg.Submittable {
  private fields: readonly pg.FieldDef[] = [];
  readonly text: string;
  readonly resolve: (fields: readonly pg.FieldDef[]) => void;
  readonly reject: (error: Error) => void;

  constructor(text: string, resolve: (fields: readonly pg.FieldDef[]) => void, reject: (error: Error) => void) {
    this.text = text;
    this.resolve = resolve;
    this.reject = reject;
  }

  submit(connection: pg.Connection): void {
    connection.parse({ name: '', text: this.text, types: [] }, true);
    connection.describe({ type: 'S', name: '' }, true);
    connection.sync();
  }

  handleRowDescription({ fields }: { readonly fields: readonly pg.FieldDef[] }): void {
    this.fields = fields;
  }

  /** After an error of Parse the connection never says that it is ready to this query. */
  handleError(error: Error): void {
    this.reject(error);
  }

  handleReadyForQuery(): void {
    this.resolve(this.fields);
  }
}

/** What differs between the declared columns and those that PostgreSQL describes; empty when nothing does. */
export function differences(columns: Columns, described: readonly DescribedColumn[]): readonly string[] {
  const undeclared = described
    .filter(({ name }) => !Object.hasOwn(columns, name))
    .map(({ name }) => `${name} is not declared`);
  const wrong = Object.entries(columns).flatMap(([name, { types }]) => {
    const found = described.filter((column) => column.name === name);
    const [first] = found;
    if (!first) return [`${name} is missing`];
    if (found.length > 1) return [`${name} comes ${found.length} times`];
    return types.includes(first.type) ? [] : [`${name} is ${first.type}, declared as ${types[0]}`];
  });
  return [...undeclared, ...wrong];
}
