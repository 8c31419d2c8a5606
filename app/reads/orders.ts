import type { HoldReason } from '../../contracts/mediators/holds.ts';
import type { OpenHold } from '../../contracts/mediators/order-records.ts';
import type { Currency, Money } from '../../contracts/money.ts';
import type { OrderState } from '../../contracts/mediators/order-mediator.ts';
import { Prisma, type PrismaClient } from '../../prisma/generated/client.ts';
import { openHolds } from '../../prisma/open-holds.ts';
import type { MediatorClass } from '../../contracts/initiating-event.ts';
import type { StepRecord } from '../../contracts/mediators/steps.ts';
import type { OrderActionName } from '../../contracts/mediators/order-actions.ts';
import type { Address } from '../../contracts/address.ts';
import type { OrderLine } from '../../contracts/place-order.ts';

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

/** Something that somebody did to an order. */
export interface RecordedAction {
  /** The update id it was asked under. */
  readonly actionId: string;
  readonly action: OrderActionName;
  /** An operator's name; null: the customer. */
  readonly actor: string | null;
  /** What was asked, without card tokens. */
  readonly details: Readonly<Record<string, unknown>>;
  /** ISO 8601. */
  readonly at: string;
}

/** What people did to an order, oldest first. */
export const actionsOf = (
  prisma: Pick<PrismaClient, '$queryRaw'>,
  orderId: string,
): Promise<readonly RecordedAction[]> => prisma.$queryRaw<RecordedAction[]>`
  SELECT action_id AS "actionId", action, actor, details, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at
  FROM mediator_store.action WHERE order_id = ${orderId} ORDER BY action.at, action_id`;

/** Where an order is to go, as amended; null once the order has ended, and when there is none. */
export async function addressOf(prisma: Pick<PrismaClient, '$queryRaw'>, orderId: string): Promise<Address | null> {
  const [row] = await prisma.$queryRaw<{ shipTo: Address | null }[]>`
    SELECT working->'shipTo' AS "shipTo" FROM mediator_store.flow WHERE order_id = ${orderId}`;
  return row?.shipTo ?? null;
}

/** What an order is now: as it was placed or last amended, and how it travels. */
export interface OrderContents {
  /** By ISBN; none before step 1. */
  readonly lines: readonly TitledLine[];
  /** Null before step 1. */
  readonly shipTo: Address | null;
  /** Null while it is not handed over to a carrier, and once it was recalled. */
  readonly shipment: Shipment | null;
}

/** A line with its title as it was when the line was ordered. */
export interface TitledLine extends OrderLine {
  readonly title: string;
}

/** The carrier that has an order, and the number it is found by. */
export interface Shipment {
  /** The carrier's name. */
  readonly carrier: string;
  readonly method: string;
  readonly trackingNumber: string;
}

/** What order placement and shipping have of an order. */
export async function contentsOf(prisma: Pick<PrismaClient, '$queryRaw'>, orderId: string): Promise<OrderContents> {
  const [contents] = await prisma.$queryRaw<OrderContents[]>`
    SELECT ship_to AS "shipTo", (
      SELECT COALESCE(jsonb_agg(jsonb_build_object('isbn', isbn, 'quantity', quantity, 'title', title) ORDER BY isbn), '[]')
      FROM order_placement.order_line AS line WHERE line.order_id = placed.order_id
    ) AS lines, (
      SELECT jsonb_build_object('carrier', carrier.name, 'method', method, 'trackingNumber', tracking_number)
      FROM shipping.shipment JOIN shipping.carrier USING (carrier_id)
      WHERE shipment.order_id = placed.order_id AND recalled_at IS NULL ORDER BY booked_at DESC LIMIT 1
    ) AS shipment
    FROM order_placement.placed_order AS placed WHERE placed.order_id = ${orderId}`;
  return contents ?? { lines: [], shipTo: null, shipment: null };
}
