import { bool, int, jsonb, text } from '../../prisma/codec.ts';
import { sql, toMicroseconds, type Sql } from '../../prisma/sql.ts';
import { statement, type RowFrom, type SqlRunner } from '../../prisma/statement.ts';
import { isWaiting } from './returns.ts';

/** The places a watcher has seen up to: in the outbox, in the audit trail, and an instant for people's actions. */
export type Seen = RowFrom<typeof presentPlaces>;

/** A thing that changed, and an id of the change: one thing may change several times. */
export interface Mark {
  readonly id: string;
  readonly mark: string;
}

/** The changes since then. */
export type Changed = RowFrom<typeof changes>;

/** Returns and approvals that wait for a decision. */
export interface WaitingPeople {
  readonly returns: number;
  readonly approvals: number;
  /** Changes whenever a return that has not ended changes its state or its trouble. */
  readonly mark: string;
}

/** The present places, from which a watcher begins. */
export async function seenNow(on: SqlRunner): Promise<Seen> {
  const [row] = await on.run(presentPlaces());
  return row ?? { fact: '0', audit: '0', at: new Date(0).toISOString() };
}

const presentPlaces = statement(
  'app.present-places',
  { fact: text, audit: text, /** ISO 8601. */ at: text },
  () => sql`
    SELECT COALESCE((SELECT max(position) FROM outbox.fact), 0)::text AS fact,
      COALESCE((SELECT max(position) FROM repair.audit), 0)::text AS audit, ${toMicroseconds('clock_timestamp()')} AS at`,
);

/** The mediator dates a hold before it is recorded, so that holds of this long before are read again. */
const holdsMayBeLate = sql`interval '30 seconds'`;

/**
 * Changes of orders that no fact tells: people's actions, holds that opened or ended, and the ends of cancelled orders.
 */
const besideFacts = (at: string, most: number): Sql => sql`
  (SELECT order_id AS id, action_id AS mark FROM mediator_store.action WHERE at > ${at}::timestamptz LIMIT ${most}::int)
  UNION ALL (SELECT order_id, hold_id FROM mediator_store.hold
    WHERE ended_at IS NULL AND since > ${at}::timestamptz - ${holdsMayBeLate} ORDER BY since DESC LIMIT ${most}::int)
  UNION ALL (SELECT order_id, hold_id || ' ended' FROM mediator_store.hold WHERE ended_at > ${at}::timestamptz LIMIT ${most}::int)
  UNION ALL (SELECT order_id, 'cancelled' FROM mediator_store.flow WHERE state = 'cancelled' AND finished_at > ${at}::timestamptz LIMIT ${most}::int)`;

/**
 * The returns that have not ended: those that wait, the latest change of any, and every message of a failing processor.
 */
const people = sql`
  SELECT jsonb_build_object('returns', count(*) FILTER (WHERE ${isWaiting}),
    'approvals', (SELECT count(*) FROM mediator_store.hold WHERE ended_at IS NULL AND hold.reason = 'approval'),
    'mark', concat_ws(' ', count(*), max(since), md5(string_agg(request_id || trouble, ' ' ORDER BY request_id)))) AS people
  FROM returns.return WHERE finished_at IS NULL`;

/** Reads a few index pages, however many orders there are. */
export async function changedSince(on: SqlRunner, seen: Seen, most: number): Promise<Changed> {
  const [row] = await on.run(changes(seen, most));
  return row ?? { orders: [], cases: [], isCut: false, openCases: 0, people: { returns: 0, approvals: 0, mark: '' } };
}

export const changes = statement(
  'app.changes-since',
  {
    orders: jsonb<readonly Mark[]>(),
    cases: jsonb<readonly Mark[]>(),
    /** True when there were more changes than are read at a time. */
    isCut: bool,
    openCases: int,
    people: jsonb<WaitingPeople>(),
  },
  (seen: Seen, most: number) => sql`
    WITH facts AS (
      SELECT key, position FROM outbox.fact WHERE position > ${seen.fact}::bigint AND area = 'orders' ORDER BY fact.position LIMIT ${most}::int
    ), others AS (${besideFacts(seen.at, most)}), marked AS (
      SELECT key AS id, position::text AS mark FROM facts UNION ALL SELECT id, mark FROM others
    ), steps AS (
      SELECT case_id, position FROM repair.audit WHERE position > ${seen.audit}::bigint ORDER BY audit.position LIMIT ${most}::int
    )
    SELECT (SELECT COALESCE(jsonb_agg(jsonb_build_object('id', id, 'mark', mark)), '[]') FROM marked) AS orders,
      (SELECT COALESCE(jsonb_agg(jsonb_build_object('id', case_id, 'mark', position::text) ORDER BY steps.position), '[]') FROM steps) AS cases,
      (SELECT count(*) FROM facts) >= ${most}::int OR (SELECT count(*) FROM others) >= ${most}::int
        OR (SELECT count(*) FROM steps) >= ${most}::int AS "isCut",
      (SELECT count(*)::int FROM repair.case WHERE closed_at IS NULL) AS "openCases", (${people})`,
);
