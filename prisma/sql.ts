/**
 * SQL as a value: text with its parameters. A `sql` inside a `sql` becomes part of its text, every other value a
 * parameter. `raw` is for names that no parameter can stand for, never for input.
 */
export { empty, join, raw, Sql, sqltag as sql } from '@prisma/client/runtime/client';
