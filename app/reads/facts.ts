import type { FactName } from '../../contracts/facts.ts';
import type { PrismaClient } from '../../prisma/generated/client.ts';

/** A fact of an order, as the order-timeline listener received it. */
export interface TimelineEntry {
  readonly name: FactName;
  readonly sequence: number;
  /** When it happened, ISO 8601 in UTC. */
  readonly at: string;
}

/** The facts of an order in their sequence; none when the listener has not received any, or has never run. */
export async function timelineOf(
  prisma: Pick<PrismaClient, '$queryRaw'>,
  orderId: string,
): Promise<readonly TimelineEntry[]> {
  if (!(await tableExists(prisma, 'order_timeline.fact'))) return [];
  return prisma.$queryRaw<TimelineEntry[]>`
    SELECT name, sequence::int AS sequence, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at
    FROM order_timeline.fact WHERE order_id = ${orderId} ORDER BY fact.sequence`;
}

/** A fact as it was recorded, whether or not anybody has received it. */
export interface RecordedFact {
  readonly name: FactName;
  readonly sequence: number;
  /** When it happened, ISO 8601 in UTC. */
  readonly at: string;
}

/** The facts of an order that the outbox has, in their sequence: there from the moment they are true, before any listener has them. */
export const recordedFacts = (
  prisma: Pick<PrismaClient, '$queryRaw'>,
  orderId: string,
): Promise<readonly RecordedFact[]> => prisma.$queryRaw<RecordedFact[]>`
  SELECT name, sequence::int AS sequence, to_char("time" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at
  FROM outbox.fact WHERE key = ${orderId} ORDER BY fact.sequence`;

/** Whether a table is there. A listener makes its own at its first start, which may not have been yet. */
export async function tableExists(prisma: Pick<PrismaClient, '$queryRaw'>, table: string): Promise<boolean> {
  const rows = await prisma.$queryRaw<{ exists: boolean }[]>`SELECT to_regclass(${table}) IS NOT NULL AS exists`;
  return rows[0]?.exists ?? false;
}
