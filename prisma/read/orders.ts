import type { MediatorClass } from '../../contracts/initiating-events.ts';
import type { Currency, Money } from '../../contracts/money.ts';
import type { OrderState, StepRecord } from '../../contracts/order-mediator.ts';
import { Prisma, type PrismaClient } from '../generated/client.ts';

/** An order as the mediators' ledger knows it. While it runs, its workflow knows more: ask `getProgress`. */
export interface LedgerOrder {
  readonly orderId: string;
  readonly requestId: string;
  readonly workflowId: string;
  readonly customerId: string;
  readonly mediatorClass: MediatorClass;
  readonly state: OrderState;
  /** Why it was cancelled; null otherwise. */
  readonly reason: string | null;
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
export async function findOrder(prisma: PrismaClient, orderId: string): Promise<LedgerOrder | null> {
  const [row] = await prisma.$queryRaw<FlowRow[]>(Prisma.sql`${flows} WHERE order_id = ${orderId}`);
  return row ? orderOf(row) : null;
}

/** The newest orders, newest first. */
export async function listOrders(
  prisma: PrismaClient,
  { limit, state }: { readonly limit: number; readonly state?: OrderState },
): Promise<LedgerOrder[]> {
  const wanted = state ? Prisma.sql`WHERE state = ${state}` : Prisma.empty;
  const newest = Prisma.sql`ORDER BY received_at DESC, request_id LIMIT ${limit}::int`;
  const rows = await prisma.$queryRaw<FlowRow[]>(Prisma.sql`${flows} ${wanted} ${newest}`);
  return rows.map(orderOf);
}

interface FlowRow extends Omit<LedgerOrder, 'total' | 'receivedAt' | 'finishedAt'> {
  readonly totalAmount: bigint | null;
  readonly currency: Currency | null;
  readonly receivedAt: Date;
  readonly finishedAt: Date | null;
}

const flows = Prisma.sql`
  SELECT order_id AS "orderId", request_id AS "requestId", workflow_id AS "workflowId", customer_id AS "customerId",
    mediator_class AS "mediatorClass", state, reason, total_amount AS "totalAmount", currency, steps,
    received_at AS "receivedAt", finished_at AS "finishedAt"
  FROM ledger.flow`;

const orderOf = ({ totalAmount, currency, receivedAt, finishedAt, ...row }: FlowRow): LedgerOrder => ({
  ...row,
  total: totalAmount !== null && currency !== null ? { amount: Number(totalAmount), currency } : null,
  receivedAt: receivedAt.toISOString(),
  finishedAt: finishedAt?.toISOString() ?? null,
});
