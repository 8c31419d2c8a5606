import { raw, type Sql } from '../../prisma/sql.ts';

/** A column as an ISO 8601 instant in UTC, to the microsecond, so that a page begins exactly after the one before. */
export const toMicroseconds = (column: string): Sql =>
  raw(`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`);
