import { raw, type Sql } from '@prisma/client/runtime/client';

/**
 * SQL as a value: text with its parameters. A `sql` inside a `sql` becomes part of its text, every other value a
 * parameter. `raw` is for names that no parameter can stand for, never for input.
 */
export { empty, join, raw, Sql, sqltag as sql } from '@prisma/client/runtime/client';

/** A column as an ISO 8601 instant in UTC, to the microsecond, so that a page begins exactly after the one before. */
export const toMicroseconds = (column: string): Sql =>
  raw(`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`);
