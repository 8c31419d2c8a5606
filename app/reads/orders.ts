import { mediatorClasses, type MediatorClass } from '../../contracts/initiating-event.ts';
import type { HoldReason } from '../../contracts/mediators/holds.ts';
import { orderStates, type OrderState } from '../../contracts/mediators/order-mediator.ts';
import type { OpenHold } from '../../contracts/mediators/order-records.ts';
import type { StepRecord } from '../../contracts/mediators/steps.ts';
import { currencies, moneyOf, type Money } from '../../contracts/money.ts';
import { bigintNumber, instant, jsonb, nullable, oneOf, text } from '../../prisma/codec.ts';
import { openHolds } from '../../prisma/open-holds.ts';
import { empty, sql, type Sql } from '../../prisma/sql.ts';
import { statement, type SqlRunner } from '../../prisma/statement.ts';

/** An order as the mediator store knows it. While it runs, its workflow knows more: ask `getProgress`. */
export interface OrderRecord {
  readonly orderId: string;
  readonly requestId: string;
  readonly workflowId: string;
  readonly customerId: string;
  readonly mediatorClass: MediatorClass;
  readonly state: OrderState;
  /** Why it was or is being compensated; null otherwise. */
  readonly reason: string | null;
  /** Its open holds, oldest first. */
  readonly holds: readonly OpenHold[];
  /** Null until the order has ended. */
  readonly total: Money | null;
  /** Null until the order has ended. */
  readonly steps: readonly StepRecord[] | null;
  /** ISO 8601. */
  readonly receivedAt: string;
  /** ISO 8601; null until the order has ended. */
  readonly finishedAt: string | null;
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
    orderId: text,
    requestId: text,
    workflowId: text,
    customerId: text,
    mediatorClass: oneOf(...mediatorClasses),
    state: oneOf(...orderStates),
    reason: nullable(text),
    holds: jsonb<readonly OpenHold[]>(),
    totalAmount: nullable(bigintNumber),
    currency: nullable(oneOf(...currencies)),
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
