import type { EventState } from '../../contracts/mediators/event-records.ts';
import type { PrismaClient } from '../../prisma/generated/client.ts';
import type { MediatorClass } from '../../contracts/initiating-event.ts';

/** How many initiating events of a name are in a state; `unknown` stands for all names that nobody knows. */
export interface EventCount {
  readonly name: string;
  readonly mediatorClass: MediatorClass | null;
  readonly state: EventState;
  readonly events: number;
}

/** Counts every row: to be asked seldom. */
export const countEvents = (prisma: Pick<PrismaClient, '$queryRaw'>): Promise<EventCount[]> =>
  prisma.$queryRaw<EventCount[]>`
    SELECT CASE WHEN mediator_class IS NULL THEN 'unknown' ELSE name END AS name, mediator_class AS "mediatorClass", state, count(*)::int AS events
    FROM mediator_store.initiating_event GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;

/** What waits in PostgreSQL: facts for the relay, and deferred events. Counted no further than 100,000. */
export interface Waiting {
  readonly facts: number;
  readonly oldestFactSeconds: number | null;
  readonly deferred: number;
}

export async function countWaiting(prisma: Pick<PrismaClient, '$queryRaw'>): Promise<Waiting> {
  const [row] = await prisma.$queryRaw<Waiting[]>`
    SELECT (SELECT count(*)::int FROM (SELECT FROM outbox.fact WHERE stream_sequence IS NULL LIMIT 100000) AS waiting) AS facts,
      (SELECT extract(epoch FROM clock_timestamp() - "time")::float8 FROM outbox.fact WHERE stream_sequence IS NULL
        ORDER BY position LIMIT 1) AS "oldestFactSeconds",
      (SELECT count(*)::int FROM (SELECT FROM mediator_store.initiating_event WHERE state = 'deferred' LIMIT 100000) AS deferred) AS deferred`;
  return row ?? { facts: 0, oldestFactSeconds: null, deferred: 0 };
}
