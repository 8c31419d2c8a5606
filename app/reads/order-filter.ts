import type { HoldReason } from '../../contracts/mediators/holds.ts';
import type { OrderFilter } from '../../contracts/order-search.ts';
import { Prisma, type PrismaClient } from '../../prisma/generated/client.ts';

/** How many there are, counted no further than `most`. */
export async function countOrders(
  prisma: Pick<PrismaClient, '$queryRaw'>,
  filter: OrderFilter,
  most: number,
): Promise<number> {
  const [row] = await prisma.$queryRaw<{ count: number }[]>(Prisma.sql`
    SELECT count(*)::int AS count FROM (SELECT FROM mediator_store.flow WHERE ${filteredBy(filter)} LIMIT ${most}::int) AS found`);
  return row?.count ?? 0;
}

/** About how many orders there are in all, without counting any. */
export async function estimateOrders(prisma: Pick<PrismaClient, '$queryRaw'>): Promise<number> {
  const [row] = await prisma.$queryRaw<{ count: number }[]>(
    Prisma.sql`SELECT reltuples::float8 AS count FROM pg_class WHERE oid = 'mediator_store.flow'::regclass`,
  );
  return Math.max(0, Math.round(row?.count ?? 0));
}

/** The condition on `mediator_store.flow`. */
export function filteredBy({ state, holdReason, q }: OrderFilter): Prisma.Sql {
  const conditions = [
    ...(state ? [Prisma.sql`flow.state = ${state}`] : []),
    ...(holdReason ? [isHeldFor(holdReason)] : []),
    ...(q ? [matches(q)] : []),
  ];
  return conditions.length > 0 ? Prisma.join(conditions, ' AND ') : Prisma.sql`true`;
}

/** By the open holds, which are few, rather than by the orders. */
const isHeldFor = (reason: HoldReason): Prisma.Sql => Prisma.sql`flow.finished_at IS NULL AND flow.order_id IN (
  SELECT wanted.order_id FROM mediator_store.hold AS wanted WHERE wanted.ended_at IS NULL AND wanted.reason = ${reason})`;

/** Byte for byte between the beginning and the last text that begins so, which an index finds in any plan. */
function matches(q: string): Prisma.Sql {
  const customer = Prisma.sql`flow.customer_id = ${q}`;
  if (q.length < 4) return customer;
  const last = `${q}\u{10ffff}`;
  return Prisma.sql`(${customer} OR (flow.order_id ~>=~ ${q} AND flow.order_id ~<~ ${last})
    OR (flow.request_id ~>=~ ${q} AND flow.request_id ~<~ ${last}))`;
}
