import { raw, sqltag as sql, type Sql } from '@prisma/client/runtime/client';

/**
 * SQL as a value: text with its parameters. A `sql` inside a `sql` becomes part of its text, every other value a
 * parameter. `raw` is for names that no parameter can stand for, never for input.
 */
export { empty, join, raw, Sql, sqltag as sql } from '@prisma/client/runtime/client';

/** A column as an ISO 8601 instant in UTC, to the microsecond, so that a page begins exactly after the one before. */
export const toMicroseconds = (column: string): Sql =>
  raw(`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`);

/** The open holds of a row of `mediator_store.flow`, oldest first, as the JSON of the contract's `OpenHold`. */
export const openHolds = sql`(
  SELECT COALESCE(jsonb_agg(jsonb_build_object('holdId', hold_id, 'reason', hold.reason, 'step', step, 'command', command,
    'message', message, 'help', help, 'since', to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'deadline', to_char(deadline AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) ORDER BY since, hold_id), '[]')
  FROM mediator_store.hold WHERE hold_id = ANY (flow.open_holds))`;
