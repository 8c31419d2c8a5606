import type { HoldReason } from '../../contracts/mediators/holds.ts';
import type { OrderState } from '../../contracts/mediators/order-mediator.ts';
import type { OpenHold } from '../../contracts/mediators/order-records.ts';
import type { StepRecord } from '../../contracts/mediators/steps.ts';
import { moneyOf, type Money } from '../../contracts/money.ts';
import { instant, jsonb, nullable, text } from '../../prisma/codec.ts';
import { empty, openHolds, sql, type Sql } from '../../prisma/sql.ts';
import { statement, type RowFrom, type SqlRunner } from '../../prisma/statement.ts';
import { flowColumns } from './order-filter.ts';

/** An order as the mediator store knows it. While it runs, its workflow knows more: ask `getProgress`. */
export interface OrderRecord extends Omit<RowFrom<typeof orderRecords>, 'totalAmount' | 'currency'> {
  /** Null until the order has ended. */
  readonly total: Money | null;
}

/** The order of this id, or null. */
export async function findOrder(on: SqlRunner, orderId: string): Promise<OrderRecord | null> {
  const [order] = await readRecords(on, sql`WHERE order_id = ${orderId}`);
  return order ?? null;
}

/** The newest orders, newest first. */
export function listOrders(
  on: SqlRunner,
  { limit, state }: { readonly limit: number; readonly state?: OrderState },
): Promise<OrderRecord[]> {
  const wanted = state ? sql`WHERE state = ${state}` : empty;
  return readRecords(on, sql`${wanted} ORDER BY received_at DESC, request_id LIMIT ${limit}::int`);
}

/** The orders with an open hold, or with a hold for this reason; those that wait longest first. */
export function heldOrders(
  on: SqlRunner,
  { limit, reason }: { readonly limit: number; readonly reason?: HoldReason },
): Promise<OrderRecord[]> {
  const wanted = reason ? sql`HAVING bool_or(hold.reason = ${reason})` : empty;
  return readRecords(
    on,
    sql`
    JOIN LATERAL (SELECT min(since) AS since FROM mediator_store.hold WHERE hold_id = ANY (flow.open_holds) ${wanted}) AS waiting ON true
    WHERE finished_at IS NULL AND cardinality(open_holds) > 0 ORDER BY waiting.since, request_id LIMIT ${limit}::int`,
  );
}

async function readRecords(on: SqlRunner, which: Sql): Promise<OrderRecord[]> {
  const rows = await on.run(orderRecords(which));
  return rows.map(({ totalAmount, currency, ...row }) => ({ ...row, total: moneyOf(totalAmount, currency) }));
}

export const orderRecords = statement(
  'app.order-records',
  {
    ...flowColumns,
    /** Why it was or is being compensated; null otherwise. */
    reason: nullable(text),
    /** Its open holds, oldest first. */
    holds: jsonb<readonly OpenHold[]>(),
    /** Null until the order has ended. */
    steps: nullable(jsonb<readonly StepRecord[]>()),
    receivedAt: instant,
    finishedAt: nullable(instant),
  },
  (which: Sql) => sql`
    SELECT order_id AS "orderId", request_id AS "requestId", workflow_id AS "workflowId", customer_id AS "customerId",
      mediator_class AS "mediatorClass", state, reason, ${openHolds} AS holds, total_amount AS "totalAmount", currency, steps,
      received_at AS "receivedAt", finished_at AS "finishedAt"
    FROM mediator_store.flow ${which}`,
);
