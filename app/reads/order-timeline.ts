import type { FactName } from '../../contracts/facts.ts';
import type { PrismaClient } from '../../prisma/generated/client.ts';
import { tableExists } from './table-exists.ts';

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
