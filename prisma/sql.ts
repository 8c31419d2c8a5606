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

/** The newest act on the brake of each channel that ever had one; a `per_second` of null has taken it off. A query. */
export const newestActs = sql`
  SELECT DISTINCT ON (channel) channel, per_second, reason, actor, at FROM mediator_store.channel_brake
  ORDER BY channel, position DESC`;

/** A dead letter that its mediator has refused is in the way of none: it may lack what a later event brings. */
const isNotRefused = (row: Sql): Sql =>
  sql`(${row}.state <> 'dead-lettered' OR ${row}.outcome IS DISTINCT FROM 'refused')`;

/** True for a row of `mediator_store.initiating_event` that is open, or that later events of its customer wait for. */
export const isInTheWay = (alias: 'event' | 'earlier'): Sql => {
  const row = raw(alias);
  return sql`(${row}.state IN ('received', 'dead-lettered') OR (${row}.state = 'started' AND ${row}.waits_until = 'complete'))
    AND ${isNotRefused(row)}`;
};

/**
 * True when an earlier event of the customer of `event` is like this. `OFFSET 0` makes the planner look each event up
 * by itself, however many it expects.
 */
export const existsEarlier = (which: Sql): Sql => sql`EXISTS (
  SELECT FROM mediator_store.initiating_event AS earlier
  WHERE earlier.customer_id = event.customer_id AND earlier.position < event.position AND ${which}
  OFFSET 0)`;

/** True for an `event` behind a dead letter that its mediator has not refused: it waits for that case. */
export const waitsForCase = existsEarlier(
  sql`earlier.state = 'dead-lettered' AND earlier.outcome IS DISTINCT FROM 'refused'`,
);
