import type { HoldReason } from '../../contracts/mediators/holds.ts';
import type { OpenHold } from '../../contracts/mediators/order-records.ts';
import type { Currency, Money } from '../../contracts/money.ts';
import type { OrderState } from '../../contracts/mediators/order-mediator.ts';
import { Prisma, type PrismaClient } from '../../prisma/generated/client.ts';
import { openHolds } from '../../prisma/open-holds.ts';
import type { MediatorClass } from '../../contracts/initiating-event.ts';
import type { StepRecord } from '../../contracts/mediators/steps.ts';

/** An order as the mediator store knows it. While it runs, its workflow knows more: ask `getProgress`. */
export interface OrderRecord {
  readonly orderId: string;
  readonly requestId: string;
  readonly workflowId: string;
  readonly customerId: string;
  readonly mediatorClass: MediatorClass;
  readonly state: OrderState;
  /** Why it was or is being undone; null otherwise. */
  readonly reason: string | null;
  /** What it waits for, oldest first. */
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
export async function findOrder(prisma: PrismaClient, orderId: string): Promise<OrderRecord | null> {
  const [order] = await read(prisma, Prisma.sql`WHERE order_id = ${orderId}`);
  return order ?? null;
}

/** The newest orders, newest first. */
export function listOrders(
  prisma: PrismaClient,
  { limit, state }: { readonly limit: number; readonly state?: OrderState },
): Promise<OrderRecord[]> {
  const wanted = state ? Prisma.sql`WHERE state = ${state}` : Prisma.empty;
  return read(prisma, Prisma.sql`${wanted} ORDER BY received_at DESC, request_id LIMIT ${limit}::int`);
}

/** The orders that wait for something, or for something of this kind; those that wait longest first. */
export function heldOrders(
  prisma: PrismaClient,
  { limit, reason }: { readonly limit: number; readonly reason?: HoldReason },
): Promise<OrderRecord[]> {
  const wanted = reason ? Prisma.sql`HAVING bool_or(hold.reason = ${reason})` : Prisma.empty;
  return read(
    prisma,
    Prisma.sql`
    JOIN LATERAL (SELECT min(since) AS since FROM mediator_store.hold WHERE hold_id = ANY (flow.open_holds) ${wanted}) AS waiting ON true
    WHERE finished_at IS NULL AND cardinality(open_holds) > 0 ORDER BY waiting.since, request_id LIMIT ${limit}::int`,
  );
}

async function read(prisma: PrismaClient, which: Prisma.Sql): Promise<OrderRecord[]> {
  const rows = await prisma.$queryRaw<FlowRow[]>(Prisma.sql`${flows} ${which}`);
  return rows.map(orderOf);
}

interface FlowRow extends Omit<OrderRecord, 'total' | 'receivedAt' | 'finishedAt'> {
  readonly totalAmount: bigint | null;
  readonly currency: Currency | null;
  readonly receivedAt: Date;
  readonly finishedAt: Date | null;
}

const flows = Prisma.sql`
  SELECT order_id AS "orderId", request_id AS "requestId", workflow_id AS "workflowId", customer_id AS "customerId",
    mediator_class AS "mediatorClass", state, reason, ${openHolds} AS holds, total_amount AS "totalAmount", currency, steps,
    received_at AS "receivedAt", finished_at AS "finishedAt"
  FROM mediator_store.flow`;

const orderOf = ({ totalAmount, currency, receivedAt, finishedAt, ...row }: FlowRow): OrderRecord => ({
  ...row,
  total: totalAmount !== null && currency !== null ? { amount: Number(totalAmount), currency } : null,
  receivedAt: receivedAt.toISOString(),
  finishedAt: finishedAt?.toISOString() ?? null,
});
