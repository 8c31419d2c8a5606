import { Prisma, type PrismaClient } from '../generated/client.ts';

type Reader = Pick<PrismaClient, '$queryRaw'>;

/** Up to where whoever watches has seen: places in the outbox, in the audit trail, and an instant for what people did. */
export interface Seen {
  readonly fact: string;
  readonly audit: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Something that changed, and a mark that is another one when it changes again. */
export interface Mark {
  readonly id: string;
  readonly mark: string;
}

/** What has changed since. */
export interface Changed {
  readonly orders: readonly Mark[];
  readonly cases: readonly Mark[];
  /** There was more than is looked at in one go. */
  readonly isCut: boolean;
  readonly openCases: number;
  readonly waitingReturns: number;
}

/** Now, as whoever begins to watch has to know it. */
export async function seenNow(prisma: Reader): Promise<Seen> {
  const [row] = await prisma.$queryRaw<Seen[]>`
    SELECT COALESCE((SELECT max(position) FROM outbox.fact), 0)::text AS fact,
      COALESCE((SELECT max(position) FROM repair.audit), 0)::text AS audit,
      to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at`;
  return row ?? { fact: '0', audit: '0', at: new Date(0).toISOString() };
}

/** Reads a few index pages, however many orders there are. */
export async function changedSince(prisma: Reader, seen: Seen, most: number): Promise<Changed> {
  const [row] = await prisma.$queryRaw<Changed[]>(Prisma.sql`
    WITH facts AS (
      SELECT key, position FROM outbox.fact WHERE position > ${seen.fact}::bigint AND area = 'orders' ORDER BY fact.position LIMIT ${most}::int
    ), acts AS (
      SELECT order_id, action_id FROM ledger.action WHERE at > ${seen.at}::timestamptz LIMIT ${most}::int
    ), marked AS (
      SELECT key AS id, max(position)::text AS mark FROM facts GROUP BY key
      UNION ALL SELECT order_id, max(action_id) FROM acts GROUP BY order_id
    ), marked_orders AS (SELECT id, string_agg(mark, ' ' ORDER BY mark) AS mark FROM marked GROUP BY id), steps AS (
      SELECT case_id, position FROM repair.audit WHERE position > ${seen.audit}::bigint ORDER BY audit.position LIMIT ${most}::int
    ), marked_cases AS (SELECT case_id AS id, max(position)::text AS mark FROM steps GROUP BY case_id)
    SELECT (SELECT COALESCE(jsonb_agg(jsonb_build_object('id', id, 'mark', mark)), '[]') FROM marked_orders) AS orders,
      (SELECT COALESCE(jsonb_agg(jsonb_build_object('id', id, 'mark', mark) ORDER BY length(mark), mark), '[]') FROM marked_cases) AS cases,
      (SELECT count(*) FROM facts) >= ${most}::int OR (SELECT count(*) FROM steps) >= ${most}::int AS "isCut",
      (SELECT count(*)::int FROM repair.case WHERE closed_at IS NULL) AS "openCases",
      (SELECT count(*)::int FROM returns.return WHERE finished_at IS NULL AND state LIKE 'awaiting-%') AS "waitingReturns"`);
  return row ?? { orders: [], cases: [], isCut: false, openCases: 0, waitingReturns: 0 };
}
