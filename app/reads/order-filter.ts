import { mediatorClasses } from '../../contracts/initiating-event.ts';
import type { HoldReason } from '../../contracts/mediators/holds.ts';
import { orderStates } from '../../contracts/mediators/order-mediator.ts';
import { currencies } from '../../contracts/money.ts';
import type { OrderFilter } from '../../contracts/views.ts';
import { bigintNumber, double, int, nullable, oneOf, text } from '../../prisma/codec.ts';
import { join, sql, type Sql } from '../../prisma/sql.ts';
import { statement, type SqlRunner } from '../../prisma/statement.ts';

/** The columns of `mediator_store.flow` that every read of orders gives. */
export const flowColumns = {
  orderId: text,
  requestId: text,
  workflowId: text,
  customerId: text,
  mediatorClass: oneOf(...mediatorClasses),
  state: oneOf(...orderStates),
  totalAmount: nullable(bigintNumber),
  currency: nullable(oneOf(...currencies)),
};

/** Counts the selected orders, but no further than `most`. */
export async function countOrders(on: SqlRunner, filter: OrderFilter, most: number): Promise<number> {
  const [row] = await on.run(countedOrders(filter, most));
  return row?.count ?? 0;
}

export const countedOrders = statement(
  'app.count-orders',
  { count: int },
  (filter: OrderFilter, most: number) => sql`
    SELECT count(*)::int AS count FROM (SELECT FROM mediator_store.flow WHERE ${filteredBy(filter)} LIMIT ${most}::int) AS found`,
);

/** Estimates the number of all orders, without counting any. */
export async function estimateOrders(on: SqlRunner): Promise<number> {
  const [row] = await on.run(estimatedOrders());
  return Math.max(0, Math.round(row?.count ?? 0));
}

const estimatedOrders = statement(
  'app.estimate-orders',
  { count: double },
  () => sql`SELECT reltuples::float8 AS count FROM pg_class WHERE oid = 'mediator_store.flow'::regclass`,
);

/** The condition on `mediator_store.flow`. */
export function filteredBy({ state, holdReason, q }: OrderFilter): Sql {
  const conditions = [
    ...(state ? [sql`flow.state = ${state}`] : []),
    ...(holdReason ? [isHeldFor(holdReason)] : []),
    ...(q ? [matches(q)] : []),
  ];
  return conditions.length > 0 ? join(conditions, ' AND ') : sql`true`;
}

/** Selects by the open holds, because they are fewer than the orders. */
const isHeldFor = (reason: HoldReason): Sql => sql`flow.finished_at IS NULL AND flow.order_id IN (
  SELECT wanted.order_id FROM mediator_store.hold AS wanted WHERE wanted.ended_at IS NULL AND wanted.reason = ${reason})`;

/** Compares byte for byte with the beginning and the last text that begins so. An index serves that in any plan. */
function matches(q: string): Sql {
  const customer = sql`flow.customer_id = ${q}`;
  if (q.length < 4) return customer;
  const last = `${q}\u{10ffff}`;
  return sql`(${customer} OR (flow.order_id ~>=~ ${q} AND flow.order_id ~<~ ${last})
    OR (flow.request_id ~>=~ ${q} AND flow.request_id ~<~ ${last}))`;
}
