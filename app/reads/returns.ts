import { currencies, moneyOf } from '../../contracts/money.ts';
import type { OrderLine } from '../../contracts/place-order.ts';
import type { InspectedLine } from '../../contracts/mediators/returns-mediator.ts';
import { bigintNumber, bool, instant, int, jsonb, nullable, oneOf, text } from '../../prisma/codec.ts';
import { sql, type Sql } from '../../prisma/sql.ts';
import { statement, type RowFrom, type SqlRunner } from '../../prisma/statement.ts';
import { returnStates } from '../../contracts/mediators/returns.ts';
import type { ListedReturn, ReturnActionRecorded } from '../../contracts/views.ts';

/**
 * `waiting` selects the returns that wait for a person or for a processor that keeps failing, longest first. Otherwise
 * the newest come first.
 */
export interface ReturnsWanted {
  readonly waiting?: boolean;
  readonly limit: number;
}

/** Returns, at most `limit`. */
export function listReturns(on: SqlRunner, { waiting = false, limit }: ReturnsWanted): Promise<ListedReturn[]> {
  const which = waiting
    ? sql`WHERE ${isWaiting} ORDER BY since, request_id`
    : sql`ORDER BY received_at DESC, request_id`;
  return readReturns(on, sql`${which} LIMIT ${limit}::int`);
}

/** Counts the returns that wait for a person or a failing processor. */
export async function countWaitingReturns(on: SqlRunner): Promise<number> {
  const [row] = await on.run(waitingReturns());
  return row?.count ?? 0;
}

/** Selects the returns that wait for a person's action or a failing processor. */
export const isWaiting = sql`finished_at IS NULL AND (state LIKE 'awaiting-%' OR trouble IS NOT NULL)`;

const waitingReturns = statement(
  'app.waiting-returns',
  { count: int },
  () => sql`SELECT count(*)::int AS count FROM returns.return WHERE ${isWaiting}`,
);

/** The return of this request id, or null. */
export async function findReturn(on: SqlRunner, requestId: string): Promise<ListedReturn | null> {
  const [found] = await readReturns(on, sql`WHERE request_id = ${requestId}`);
  return found ?? null;
}

async function readReturns(on: SqlRunner, which: Sql): Promise<ListedReturn[]> {
  const rows = await on.run(returnRecords(which));
  return rows.map(({ amount, currency, ...row }) => ({ ...row, amount: moneyOf(amount, currency) }));
}

export const returnRecords = statement(
  'app.return-records',
  {
    requestId: text,
    orderId: text,
    customerId: text,
    state: oneOf(...returnStates),
    reason: text,
    lines: jsonb<readonly OrderLine[]>(),
    amount: nullable(bigintNumber),
    currency: nullable(oneOf(...currencies)),
    since: instant,
    deadline: nullable(instant),
    reminders: int,
    workflowId: text,
    inspected: nullable(jsonb<readonly InspectedLine[]>()),
    trouble: nullable(text),
    isFinished: bool,
    actions: jsonb<readonly ReturnActionRecorded[]>(),
  },
  (which: Sql) => sql`
    SELECT request_id AS "requestId", order_id AS "orderId", customer_id AS "customerId", state, reason, lines, amount, currency, since,
      deadline, reminders, workflow_id AS "workflowId", inspected, trouble, finished_at IS NOT NULL AS "isFinished", (
        SELECT COALESCE(jsonb_agg(jsonb_build_object('actionId', action_id, 'action', action, 'actor', actor, 'details', details,
          'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) ORDER BY at, action_id), '[]')
        FROM returns.action WHERE action.request_id = return.request_id
      ) AS actions
    FROM returns.return ${which}`,
);

/** A title of an order, with its name at the time of the order. */
export type OrderedTitle = RowFrom<typeof orderedTitles>;

/** The titles of these orders. */
export const titlesOf = (on: SqlRunner, orderIds: readonly string[]): Promise<OrderedTitle[]> =>
  on.run(orderedTitles(orderIds));

export const orderedTitles = statement(
  'app.ordered-titles',
  {
    orderId: text,
    isbn: text,
    title: text,
    /** The price of one, in minor units. */
    unitAmount: int,
    currency: oneOf(...currencies),
  },
  (orderIds: readonly string[]) => sql`
    SELECT order_id AS "orderId", isbn, title, unit_amount AS "unitAmount", currency
    FROM order_placement.order_line JOIN order_placement.placed_order USING (order_id)
    WHERE order_id = ANY (${[...orderIds]}::text[])`,
);
