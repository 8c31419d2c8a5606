import { holdReasons } from '../../contracts/mediators/holds.ts';
import { moneyOf } from '../../contracts/money.ts';
import { nullable, oneOf, oneOfInts, text } from '../../prisma/codec.ts';
import { sql, toMicroseconds, type Sql } from '../../prisma/sql.ts';
import { statement, type SqlRunner } from '../../prisma/statement.ts';
import { filteredBy, flowColumns } from './order-filter.ts';
import type { OrderFilter, OrderRow, OrderSort } from '../../contracts/views.ts';

/** A row with its hold, whose id and beginning are the place among the orders that wait. */
export interface OrderTableRow extends OrderRow {
  readonly holdId: string | null;
}

/** The last row of a page: the next one begins after it. */
export type OrderPlace = Pick<OrderTableRow, 'receivedAt' | 'requestId' | 'customerId' | 'heldSince' | 'holdId'>;

/** A page of the table. */
export interface OrderTableQuery {
  readonly filter: OrderFilter;
  readonly sort: OrderSort;
  readonly after: OrderPlace | null;
  readonly limit: number;
}

/** One page of orders, by key, so that page 1,000 costs as much as page 1. */
export const orderTable = (on: SqlRunner, query: OrderTableQuery): Promise<OrderTableRow[]> =>
  readRows(on, numbered(chosenBy(query)));

/** The part of an order's row that is shown; its event, which has a card token, stays where it is. */
const rowColumns = sql`flow.order_id, flow.request_id, flow.workflow_id, flow.customer_id, flow.mediator_class, flow.state,
  flow.total_amount, flow.currency, flow.received_at, flow.finished_at, flow.steps, flow.open_holds`;

function chosenBy({ filter, sort, after, limit }: OrderTableQuery): Sql {
  const where = filteredBy(filter);
  return sort === 'waiting'
    ? sql`SELECT ${rowColumns} FROM mediator_store.hold JOIN mediator_store.flow USING (order_id)
        WHERE hold.ended_at IS NULL AND finished_at IS NULL AND ${isOldestHold} AND ${where} AND ${afterHold(after)}
        ORDER BY hold.since, hold.hold_id LIMIT ${limit}::int`
    : sql`SELECT ${rowColumns} FROM mediator_store.flow WHERE ${where} AND ${afterFlow[sort](after)}
        ORDER BY ${orders[sort]} LIMIT ${limit}::int`;
}

/** The rows of these orders, in no particular order. */
export const orderLines = (on: SqlRunner, orderIds: readonly string[]): Promise<OrderTableRow[]> =>
  readRows(
    on,
    sql`SELECT ${rowColumns}, 0 AS number FROM mediator_store.flow WHERE order_id = ANY (${[...orderIds]}::text[])`,
  );

async function readRows(on: SqlRunner, chosen: Sql): Promise<OrderTableRow[]> {
  const rows = await on.run(orderTableRows(chosen));
  return rows.map(({ totalAmount, currency, ...row }) => ({ ...row, total: moneyOf(totalAmount, currency) }));
}

/** The number keeps the order of the page, which a join does not keep. */
const numbered = (chosen: Sql): Sql => sql`SELECT chosen.*, row_number() OVER () AS number FROM (${chosen}) AS chosen`;

type Plain = Exclude<OrderSort, 'waiting'>;

const orders: { readonly [Sort in Plain]: Sql } = {
  newest: sql`received_at DESC, request_id DESC`,
  oldest: sql`received_at, request_id`,
  customer: sql`customer_id, received_at DESC, request_id DESC`,
};

const all = sql`true`;

const afterFlow: { readonly [Sort in Plain]: (after: OrderPlace | null) => Sql } = {
  newest: (after) =>
    after ? sql`(received_at, request_id) < (${after.receivedAt}::timestamptz, ${after.requestId})` : all,
  oldest: (after) =>
    after ? sql`(received_at, request_id) > (${after.receivedAt}::timestamptz, ${after.requestId})` : all,
  customer: (after) =>
    after
      ? sql`customer_id >= ${after.customerId} AND (customer_id > ${after.customerId}
          OR (received_at, request_id) < (${after.receivedAt}::timestamptz, ${after.requestId}))`
      : all,
};

const afterHold = (after: OrderPlace | null): Sql =>
  after?.heldSince && after.holdId
    ? sql`(hold.since, hold.hold_id) > (${after.heldSince}::timestamptz, ${after.holdId})`
    : all;

/** An order with two holds stands in the table once, with the oldest. */
const isOldestHold = sql`NOT EXISTS (SELECT FROM mediator_store.hold AS older WHERE older.order_id = hold.order_id
  AND older.ended_at IS NULL AND (older.since, older.hold_id) < (hold.since, hold.hold_id))`;

/**
 * A step counts as begun when a fact of the step before it is recorded. Facts of orders that have ended are not read.
 */
const stepOfFacts = sql`(SELECT max(CASE name WHEN 'order-shipped' THEN 5 WHEN 'order-fulfilled' THEN 4
    WHEN 'payment-applied' THEN 3 WHEN 'order-created' THEN 2 ELSE 1 END) FROM outbox.fact WHERE key = page.order_id)`;

export const orderTableRows = statement(
  'app.order-table',
  {
    ...flowColumns,
    holdReason: nullable(oneOf(...holdReasons)),
    holdId: nullable(text),
    receivedAt: text,
    finishedAt: nullable(text),
    heldSince: nullable(text),
    step: oneOfInts(0, 1, 2, 3, 4, 5),
  },
  (chosen: Sql) => sql`
    WITH page AS MATERIALIZED (${chosen})
    SELECT page.order_id AS "orderId", request_id AS "requestId", workflow_id AS "workflowId", page.customer_id AS "customerId",
      mediator_class AS "mediatorClass", state, waiting.reason AS "holdReason", waiting.hold_id AS "holdId",
      COALESCE(page.total_amount, placed.total_amount) AS "totalAmount", COALESCE(page.currency, placed.currency) AS currency,
      ${toMicroseconds('received_at')} AS "receivedAt", ${toMicroseconds('finished_at')} AS "finishedAt", ${toMicroseconds('waiting.since')} AS "heldSince",
      CASE WHEN state = 'completed' THEN 5 WHEN waiting.step IS NOT NULL THEN waiting.step
        WHEN finished_at IS NOT NULL THEN COALESCE((SELECT max((record->>'step')::int) FROM jsonb_array_elements(steps) AS record), 0)
        ELSE COALESCE(${stepOfFacts}, 1) END AS step
    FROM page
    LEFT JOIN order_placement.placed_order AS placed ON placed.order_id = page.order_id
    LEFT JOIN LATERAL (SELECT reason, step, since, hold_id FROM mediator_store.hold WHERE hold_id = ANY (page.open_holds)
      ORDER BY since, hold_id LIMIT 1) AS waiting ON true
    ORDER BY page.number`,
);
