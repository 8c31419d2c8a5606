import { createHash } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { decoderOf, type Columns, type RowOf } from './codec.ts';
import type { Sql } from './sql.ts';

/** A statement with its parameters, and the reader of its rows. */
export interface Query<Row> {
  /** The name of its statement, for people. */
  readonly statement: string;
  readonly sql: Sql;
  decode(row: Readonly<Record<string, unknown>>): Row;
}

/**
 * Makes a query of arguments. test/integration/sql compares its columns with the description that PostgreSQL gives of
 * it.
 */
export interface Statement<Args extends readonly unknown[], Row> {
  (...args: Args): Query<Row>;
  readonly statement: string;
  readonly columns: Columns;
  /** The number of its arguments. */
  readonly parameters: number;
}

/** The rows of a statement. */
export type RowFrom<S extends (...args: never) => Query<unknown>> =
  ReturnType<S> extends Query<infer Row> ? Row : never;

/** Runs queries on a pool, or on the one connection of a transaction. */
export interface SqlRunner {
  /** Returns the rows, decoded. */
  run<Row>(query: Query<Row>): Promise<Row[]>;
  /** Returns the number of written rows. */
  execute(query: Query<unknown>): Promise<number>;
}

const statements = new Map<string, Statement<never, unknown>>();

/** Every statement of the modules that are loaded, by name. */
export const registeredStatements: ReadonlyMap<string, Statement<never, unknown>> = statements;

/** Declares a statement: a name for people, `area.what-it-does`, the columns of its rows, and its SQL. */
export function statement<const C extends Columns, Args extends readonly unknown[]>(
  name: string,
  columns: C,
  build: (...args: Args) => Sql,
): Statement<Args, RowOf<C>> {
  if (statements.has(name)) throw new Error(`Two statements are called ${name}; give one another name.`);
  const decode = decoderOf(columns);
  const declared = Object.assign((...args: Args) => ({ statement: name, sql: build(...args), decode }), {
    statement: name,
    columns,
    parameters: build.length,
  });
  statements.set(name, declared);
  return declared;
}

/** PostgreSQL parses and plans each text once per connection, because it is sent under a name. */
export function runnerOn(connection: Pick<Pool | ClientBase, 'query'>): SqlRunner {
  const send = ({ sql }: Query<unknown>) => {
    const { text, values } = sql;
    return connection.query<Record<string, unknown>>({ name: nameOf(text), text, values });
  };
  return {
    run: async (query) => (await send(query)).rows.map(decoding(query)),
    execute: async (query) => (await send(query)).rowCount ?? 0,
  };
}

const decoding =
  <Row>({ statement: name, decode }: Query<Row>) =>
  (row: Readonly<Record<string, unknown>>): Row => {
    try {
      return decode(row);
    } catch (error) {
      throw new Error(`The statement ${name} gave another row than it declares: ${(error as Error).message}`, {
        cause: error,
      });
    }
  };

const names = new Map<string, string>();

/** The name of a prepared statement: one per text, short enough for PostgreSQL. */
export function nameOf(text: string): string {
  const known = names.get(text);
  if (known) return known;
  const name = createHash('sha256').update(text).digest('hex').slice(0, 24);
  names.set(text, name);
  return name;
}
