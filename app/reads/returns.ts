import type { Currency, Money } from '../../contracts/money.ts';
import type { OrderLine } from '../../contracts/place-order.ts';
import type { InspectedLine, ReturnActionName } from '../../contracts/mediators/returns-mediator.ts';
import { Prisma, type PrismaClient } from '../../prisma/generated/client.ts';
import type { ReturnState } from '../../contracts/mediators/return-requested.ts';

/** A return as the returns mediator's records have it. */
export interface ListedReturn {
  readonly requestId: string;
  readonly orderId: string;
  readonly customerId: string;
  readonly state: ReturnState;
  /** Why, in the customer's words. */
  readonly reason: string;
  /** What is to go back. */
  readonly lines: readonly OrderLine[];
  /** What is to be given back, or was; null before the inspection. */
  readonly amount: Money | null;
  /** ISO 8601: since when it stands there. */
  readonly since: string;
  /** ISO 8601: when it is declined or lapses by itself; null when it does not. */
  readonly deadline: string | null;
  /** How often somebody was reminded of what it waits for. */
  readonly reminders: number;
  readonly workflowId: string;
  /** Null before the inspection. */
  readonly inspected: readonly InspectedLine[] | null;
  /** What a processor said that keeps failing; null when none does. */
  readonly trouble: string | null;
  /** Nothing more happens to it. */
  readonly isFinished: boolean;
  /** What people did, oldest first. */
  readonly actions: readonly ReturnActionRecorded[];
}

/** Something that somebody did to a return. */
export interface ReturnActionRecorded {
  /** The update id it was asked under. */
  readonly actionId: string;
  readonly action: ReturnActionName;
  readonly actor: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** ISO 8601. */
  readonly at: string;
}

/** Which returns are listed: with `waiting` those that wait for a person, or for a processor that keeps failing, longest first; else the newest. */
export interface ReturnsWanted {
  readonly waiting?: boolean;
  readonly limit: number;
}

/** Returns, at most `limit`. */
export function listReturns(
  prisma: Pick<PrismaClient, '$queryRaw'>,
  { waiting = false, limit }: ReturnsWanted,
): Promise<ListedReturn[]> {
  const which = waiting
    ? Prisma.sql`WHERE ${isWaiting} ORDER BY since, request_id`
    : Prisma.sql`ORDER BY received_at DESC, request_id`;
  return read(prisma, Prisma.sql`${which} LIMIT ${limit}::int`);
}

/** How many wait. */
export async function countWaitingReturns(prisma: Pick<PrismaClient, '$queryRaw'>): Promise<number> {
  const [row] = await prisma.$queryRaw<{ count: number }[]>(
    Prisma.sql`SELECT count(*)::int AS count FROM returns.return WHERE ${isWaiting}`,
  );
  return row?.count ?? 0;
}

/** It does not go on before somebody has done something. */
export const isWaiting = Prisma.sql`finished_at IS NULL AND (state LIKE 'awaiting-%' OR trouble IS NOT NULL)`;

/** The return of this request id, or null. */
export async function findReturn(
  prisma: Pick<PrismaClient, '$queryRaw'>,
  requestId: string,
): Promise<ListedReturn | null> {
  const [found] = await read(prisma, Prisma.sql`WHERE request_id = ${requestId}`);
  return found ?? null;
}

async function read(prisma: Pick<PrismaClient, '$queryRaw'>, which: Prisma.Sql): Promise<ListedReturn[]> {
  const rows = await prisma.$queryRaw<ReturnRow[]>(Prisma.sql`${returns} ${which}`);
  return rows.map(returnOf);
}

interface ReturnRow extends Omit<ListedReturn, 'amount' | 'since' | 'deadline'> {
  readonly amount: bigint | null;
  readonly currency: Currency | null;
  readonly since: Date;
  readonly deadline: Date | null;
}

const returns = Prisma.sql`
  SELECT request_id AS "requestId", order_id AS "orderId", customer_id AS "customerId", state, reason, lines, amount, currency, since,
    deadline, reminders, workflow_id AS "workflowId", inspected, trouble, finished_at IS NOT NULL AS "isFinished", (
      SELECT COALESCE(jsonb_agg(jsonb_build_object('actionId', action_id, 'action', action, 'actor', actor, 'details', details,
        'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) ORDER BY at, action_id), '[]')
      FROM returns.action WHERE action.request_id = return.request_id
    ) AS actions
  FROM returns.return`;

const returnOf = ({ amount, currency, since, deadline, ...row }: ReturnRow): ListedReturn => ({
  ...row,
  amount: amount !== null && currency !== null ? { amount: Number(amount), currency } : null,
  since: since.toISOString(),
  deadline: deadline?.toISOString() ?? null,
});

/** A title of an order, as it was when it was ordered. */
export interface OrderedTitle {
  readonly orderId: string;
  readonly isbn: string;
  readonly title: string;
  /** What one of it cost, in minor units. */
  readonly unitAmount: number;
  readonly currency: Currency;
}

/** The titles of these orders. */
export const titlesOf = (
  prisma: Pick<PrismaClient, '$queryRaw'>,
  orderIds: readonly string[],
): Promise<OrderedTitle[]> => prisma.$queryRaw<OrderedTitle[]>`
  SELECT order_id AS "orderId", isbn, title, unit_amount AS "unitAmount", currency
  FROM order_placement.order_line JOIN order_placement.placed_order USING (order_id) WHERE order_id = ANY (${[...orderIds]})`;
