import { eventStates, type EventState } from '../../contracts/mediators/event-records.ts';
import { double, int, jsonb, nullable, oneOf, text } from '../../prisma/codec.ts';
import { sql } from '../../prisma/sql.ts';
import { statement, type RowFrom, type SqlRunner } from '../../prisma/statement.ts';
import { mediatorClasses } from '../../contracts/initiating-event.ts';
import type { ShutKey } from '../../contracts/views.ts';

/** The initiating events of one class. */
export interface EventClass extends Omit<RowFrom<typeof countedClasses>, 'states'> {
  readonly states: Readonly<Record<EventState, number>>;
}

/** Every class that has events, the simple one first, with counts by state and the time to complete. */
export async function eventClasses(on: SqlRunner): Promise<readonly EventClass[]> {
  const rows = await on.run(countedClasses());
  return rows.map((row) => ({ ...row, states: everyState(row.states) }));
}

type CountedStates = { readonly [State in EventState]?: number };

const countedClasses = statement(
  'app.event-classes',
  {
    /** Null: events of a kind that is not in the catalogue. */
    mediatorClass: nullable(oneOf(...mediatorClasses)),
    events: int,
    states: jsonb<CountedStates>(),
    /** The median time from received to complete in seconds, over the complete events; null when none is. */
    p50: nullable(double),
    p95: nullable(double),
  },
  () => sql`
    WITH state AS (
      SELECT mediator_class, state, count(*)::int AS events FROM mediator_store.initiating_event GROUP BY 1, 2
    ), class AS (
      SELECT mediator_class, sum(events)::int AS events, jsonb_object_agg(state, events) AS states FROM state GROUP BY 1
    ), duration AS (
      SELECT mediator_class, extract(epoch FROM completed_at - received_at)::float8 AS seconds
      FROM mediator_store.initiating_event WHERE state = 'complete' AND completed_at IS NOT NULL
    ), latency AS (
      SELECT mediator_class, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS p50,
        percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds) AS p95
      FROM duration GROUP BY 1
    )
    SELECT mediator_class AS "mediatorClass", class.events, class.states, latency.p50, latency.p95
    FROM class LEFT JOIN latency USING (mediator_class)
    ORDER BY array_position(ARRAY['simple', 'hard', 'complex'], mediator_class) NULLS LAST`,
);

const everyState = (counted: CountedStates): EventClass['states'] =>
  Object.fromEntries(eventStates.map((state) => [state, counted[state] ?? 0])) as EventClass['states'];

/** The initiating events of a name in a state; `unknown` stands for all names that the catalogue does not have. */
export type EventCount = RowFrom<typeof countedEvents>;

/** Counts every row, and is therefore slow. */
export const countEvents = (on: SqlRunner): Promise<EventCount[]> => on.run(countedEvents());

const countedEvents = statement(
  'app.event-counts',
  { name: text, mediatorClass: nullable(oneOf(...mediatorClasses)), state: oneOf(...eventStates), events: int },
  () => sql`
    SELECT CASE WHEN mediator_class IS NULL THEN 'unknown' ELSE name END AS name, mediator_class AS "mediatorClass", state, count(*)::int AS events
    FROM mediator_store.initiating_event GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
);

/**
 * The rows that wait in PostgreSQL: facts for the relay, and events whose turn has not come. Counted no further than
 * 100,000. The oldest fact is one that the relay can publish; the first keys that it cannot are named.
 */
export type Waiting = RowFrom<typeof countedWaiting>;

/** Counts the rows that wait. */
export async function countWaiting(on: SqlRunner): Promise<Waiting> {
  const [row] = await on.run(countedWaiting());
  return row ?? { facts: 0, oldestFactSeconds: null, received: 0, shutKeys: 0, shut: [] };
}

/** In two parts, since each has an index of its own, which holds no event that is complete. */
const receivedEvents = sql`
  SELECT FROM mediator_store.initiating_event WHERE state = 'received' AND rung_at IS NULL
  UNION ALL SELECT FROM mediator_store.initiating_event WHERE state = 'received' AND rung_at IS NOT NULL LIMIT 100000`;

export const countedWaiting = statement(
  'app.waiting-rows',
  {
    facts: int,
    oldestFactSeconds: nullable(double),
    received: int,
    shutKeys: int,
    shut: jsonb<readonly ShutKey[]>(),
  },
  () => sql`
    WITH shut AS (
      SELECT key, min(position) AS position FROM outbox.fact WHERE stream_sequence IS NULL AND unpublishable IS NOT NULL GROUP BY key
    )
    SELECT (SELECT count(*)::int FROM (SELECT FROM outbox.fact WHERE stream_sequence IS NULL LIMIT 100000) AS waiting) AS facts,
      (SELECT extract(epoch FROM clock_timestamp() - "time")::float8 FROM outbox.fact WHERE stream_sequence IS NULL
        AND NOT EXISTS (SELECT FROM shut WHERE shut.key = fact.key) ORDER BY position LIMIT 1) AS "oldestFactSeconds",
      (SELECT count(*)::int FROM (${receivedEvents}) AS received) AS received,
      (SELECT count(*)::int FROM shut) AS "shutKeys",
      (SELECT coalesce(jsonb_agg(jsonb_build_object('key', key, 'fact', name, 'why', unpublishable, 'facts',
          (SELECT count(*) FROM outbox.fact AS behind WHERE behind.key = first.key AND behind.stream_sequence IS NULL)) ORDER BY position), '[]')
        FROM (SELECT fact.* FROM outbox.fact JOIN shut USING (position) ORDER BY position LIMIT 20) AS first) AS shut`,
);
