import { text } from '../../prisma/codec.ts';
import { raw, sql, type Sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';

/*
 * One batch each: at most `most` rows that were due `days` ago, the oldest first. Rows that another transaction has
 * locked are left to the next batch. Every statement is safe to repeat. Its rows are looked up by their keys as an
 * array, because the planner would read the whole table to join it with as many rows as it fears.
 */

const daysAgo = (days: number): Sql => sql`now() - make_interval(days => ${days}::int)`;

/**
 * The planner must look each row up by itself, however many it expects: with `OFFSET 0` it does not join the tables as
 * a whole.
 */
const orderHasEnded = (orderId: Sql, days: number): Sql => sql`EXISTS (
  SELECT FROM mediator_store.flow WHERE flow.order_id = ${orderId} AND flow.finished_at < ${daysAgo(days)} OFFSET 0)`;

/** Removes published facts. Those of an order that has not ended stay: the desk tells its step by them. */
export const pruneFacts = statement(
  'pruning.facts',
  {},
  (days: number, most: number) => sql`
  WITH due AS (
    SELECT position FROM outbox.fact
    WHERE stream_sequence IS NOT NULL AND published_at < ${daysAgo(days)}
      AND NOT EXISTS (SELECT FROM mediator_store.flow WHERE flow.order_id = fact.key AND flow.finished_at IS NULL OFFSET 0)
    ORDER BY published_at LIMIT ${most}::int FOR UPDATE SKIP LOCKED
  )
  DELETE FROM outbox.fact WHERE position = ANY (ARRAY(SELECT position FROM due))`,
);

/** The schemas of all listeners that have ever started on this database. */
export const listenerSchemas = statement(
  'pruning.listener-schemas',
  { schema: text },
  () => sql`
  SELECT schemaname AS schema FROM pg_tables WHERE tablename IN ('listener', 'inbox_seen')
  GROUP BY schemaname HAVING count(*) = 2 ORDER BY schemaname`,
);

/** Forgets facts that a listener had noted as applied. The last sequence of each key (`inbox_position`) stays. */
export const pruneSeen = statement(
  'pruning.seen',
  {},
  (schema: string, days: number, most: number) => sql`
  WITH due AS (
    SELECT fact_id FROM ${raw(schema)}.inbox_seen WHERE seen_at < ${daysAgo(days)}
    ORDER BY seen_at LIMIT ${most}::int FOR UPDATE SKIP LOCKED
  )
  DELETE FROM ${raw(schema)}.inbox_seen WHERE fact_id = ANY (ARRAY(SELECT fact_id FROM due))`,
);

/**
 * Removes the answers that name the customer, of orders that have ended together with all their returns. The row stays:
 * a repeat of its command finds it, does nothing, and is told that the answer is gone (`prisma/outcome.ts`).
 */
export const pruneAnswers = statement(
  'pruning.answers',
  {},
  (days: number, most: number) => sql`
  WITH due AS (
    SELECT request_id FROM order_placement.answer
    WHERE command IN ('create-order', 'open-return') AND answer IS NOT NULL AND at < ${daysAgo(days)}
      AND ${orderHasEnded(sql`answer.order_id`, days)}
      AND NOT EXISTS (SELECT FROM returns.return WHERE "return".order_id = answer.order_id
        AND ("return".finished_at IS NULL OR "return".finished_at >= ${daysAgo(days)}) OFFSET 0)
    ORDER BY at LIMIT ${most}::int FOR UPDATE SKIP LOCKED
  )
  UPDATE order_placement.answer SET answer = NULL WHERE request_id = ANY (ARRAY(SELECT request_id FROM due))`,
);

/**
 * Removes the headers and the problems of closed cases; their bodies went when they were closed. The audit trail is not
 * touched. A case that is handed over again gets its headers back (`reopening` in `activities/repair/case-store.ts`).
 */
export const pruneCases = statement(
  'pruning.cases',
  {},
  (days: number, most: number) => sql`
  WITH due AS (
    SELECT case_id FROM repair.case WHERE pruned_at IS NULL AND closed_at < ${daysAgo(days)}
    ORDER BY closed_at LIMIT ${most}::int FOR UPDATE SKIP LOCKED
  )
  UPDATE repair.case SET pruned_at = now(), headers = '{}', corrected_headers = '{}', problems = '[]', body = NULL, proposal = NULL
  WHERE case_id = ANY (ARRAY(SELECT case_id FROM due))`,
);

/**
 * Removes the steps and holds of ended orders, and what their actions said. Who did which action when stays, and so
 * does the order's row: a repeat of its request or of an action is known by it.
 */
export const pruneHistories = statement(
  'pruning.histories',
  {},
  (days: number, most: number) => sql`
  WITH due AS (
    SELECT request_id, order_id FROM mediator_store.flow
    WHERE steps IS NOT NULL AND finished_at < ${daysAgo(days)}
    ORDER BY finished_at LIMIT ${most}::int FOR UPDATE SKIP LOCKED
  ), holds AS (
    DELETE FROM mediator_store.hold WHERE order_id = ANY (ARRAY(SELECT order_id FROM due))
  ), actions AS (
    UPDATE mediator_store.action SET details = '{}' WHERE order_id = ANY (ARRAY(SELECT order_id FROM due))
  )
  UPDATE mediator_store.flow SET steps = NULL WHERE request_id = ANY (ARRAY(SELECT request_id FROM due))`,
);
