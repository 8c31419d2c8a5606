import type { HoldOrder, ResumeOrder } from '../../contracts/mediators/order-records.ts';
import { bool, nullable, text } from '../../prisma/codec.ts';
import { sql, type Sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';

/**
 * Finds and locks the order's row, ended or not. Every statement about an order begins with it, so that they pass the
 * row one at a time and each sees its newest version. The body of a CTE.
 */
export const lockFlow = (entry: { readonly requestId: string; readonly orderId: string }): Sql => sql`
  SELECT request_id, order_id, state, finished_at FROM mediator_store.flow
  WHERE request_id = ${entry.requestId} AND order_id = ${entry.orderId} FOR UPDATE`;

/** Ends the holds of the orders of a CTE. The body of a CTE. */
export const endHolds = (orders: Sql, by: string, which: Sql = sql`true`): Sql => sql`
  UPDATE mediator_store.hold AS hold SET ended_at = now(), ended_by = ${by} FROM ${orders} AS orders
  WHERE hold.order_id = orders.order_id AND hold.ended_at IS NULL AND ${which}`;

const written = { found: bool, sequence: nullable(text) };

/**
 * Opens the hold with `order-held`. Does nothing the second time, when the order has ended, or when it is compensated
 * for another reason. The order's row says which holds are open, so that two that end together both see it.
 */
export const holdOrder = statement('mediator-store.hold-order', written, ({ hold, rounds, ...entry }: HoldOrder) => {
  const { holdId, reason, step, command, message, help, since, deadline } = hold;
  return sql`
  WITH flow AS (${lockFlow(entry)}), opened AS (
    INSERT INTO mediator_store.hold (hold_id, order_id, reason, step, command, message, help, since, deadline)
    SELECT ${holdId}, order_id, ${reason}, ${step}::int, ${command}, ${message}, ${help}, ${since}::timestamptz, ${deadline}::timestamptz
    FROM flow WHERE finished_at IS NULL AND (state <> 'compensating' OR ${reason === 'compensation'})
    ON CONFLICT (hold_id) DO NOTHING RETURNING order_id
  ), marked AS (
    UPDATE mediator_store.flow AS flow SET open_holds = flow.open_holds || ${holdId}::text, rounds = ${JSON.stringify(rounds)}::jsonb,
      state = CASE WHEN ${reason === 'compensation'} THEN flow.state ELSE 'held' END,
      mediator_class = CASE WHEN ${reason === 'approval'} THEN 'complex' ELSE flow.mediator_class END
    FROM opened WHERE flow.order_id = opened.order_id
    RETURNING flow.order_id, flow.workflow_id, flow.body_hash
  ), classed AS (
    UPDATE mediator_store.initiating_event AS event SET mediator_class = 'complex' FROM marked
    WHERE event.workflow_id = marked.workflow_id AND event.body_hash = marked.body_hash AND ${reason === 'approval'}
  ), fact AS (
    SELECT outbox.record_fact('orders', 'order-held', order_id, jsonb_build_object('orderId', order_id, 'reason', ${reason}::text,
      'step', ${step}::int, 'command', ${command}::text, 'deadline', ${deadline}::text)) AS sequence
    FROM marked
  )
  SELECT EXISTS (SELECT FROM flow) AS found, (SELECT sequence FROM fact)::text AS sequence`;
});

/** Ends the hold with `order-resumed`. Does nothing when the hold has ended. */
export const resumeOrder = statement(
  'mediator-store.resume-order',
  written,
  ({ hold, by, rounds, ...entry }: ResumeOrder) => {
    const { holdId, reason, step, command } = hold;
    return sql`
  WITH flow AS (${lockFlow(entry)}), ended AS (
    UPDATE mediator_store.hold AS hold SET ended_at = now(), ended_by = ${by} FROM flow
    WHERE hold.hold_id = ${holdId} AND hold.order_id = flow.order_id AND hold.ended_at IS NULL
    RETURNING hold.order_id
  ), marked AS (
    UPDATE mediator_store.flow AS flow SET open_holds = array_remove(flow.open_holds, ${holdId}::text), rounds = ${JSON.stringify(rounds)}::jsonb,
      state = CASE WHEN flow.state = 'held' AND cardinality(array_remove(flow.open_holds, ${holdId}::text)) = 0 THEN 'open' ELSE flow.state END
    FROM ended WHERE flow.order_id = ended.order_id AND flow.finished_at IS NULL
    RETURNING flow.order_id
  ), fact AS (
    SELECT outbox.record_fact('orders', 'order-resumed', order_id, jsonb_build_object('orderId', order_id, 'reason', ${reason}::text,
      'step', ${step}::int, 'command', ${command}::text, 'by', ${by}::text)) AS sequence
    FROM marked
  )
  SELECT EXISTS (SELECT FROM flow) AS found, (SELECT sequence FROM fact)::text AS sequence`;
  },
);
