import type { Amend } from '../../contracts/mediators/order-actions.ts';
import { orderStates } from '../../contracts/mediators/order-mediator.ts';
import type { OrderPolicy } from '../../contracts/mediators/order-policy.ts';
import type {
  WithdrawOrder,
  FinishOrder,
  OpenHold,
  ReceiveOrder,
  Rounds,
  StoredOrder,
} from '../../contracts/mediators/order-records.ts';
import type { PlaceOrder } from '../../contracts/place-order.ts';
import { bigintText, bool, double, int, jsonb, nullable, oneOf, text, type RowOf } from '../../prisma/codec.ts';
import { openHolds, sql, waitsForCase } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import { completion, isOpen } from './event-records.ts';
import { endHolds } from './order-holds.ts';
import { tellRefused } from './refused-request.ts';

/**
 * Opens the row and mints the order id; gives no id when the request id has one already, or when the customer is busy:
 * an earlier event of the queue is not complete that later ones wait for, and that no repair case holds up. A queued
 * event has waited for it, and has a row among the initiating events; a request of the client gets one.
 */
export const openOrder = statement(
  'mediator-store.open-order',
  { orderId: nullable(text), isBusy: bool },
  ({ event, workflowId, mediatorClass, bodyHash, policy, origin }: ReceiveOrder) => sql`
  WITH busy AS MATERIALIZED (
    SELECT NOT ${origin?.via === 'queue'} AND EXISTS (
        SELECT FROM mediator_store.initiating_event AS event WHERE event.customer_id = ${event.customerId}
          AND event.waits_until = 'complete' AND event.state IN ('received', 'started') AND NOT ${waitsForCase})
      AND NOT EXISTS (SELECT FROM mediator_store.flow WHERE request_id = ${event.requestId}) AS is_busy
  ), opened AS (
    INSERT INTO mediator_store.flow (request_id, workflow_id, event_name, mediator_class, body_hash, customer_id, order_id, working, policy)
    SELECT ${event.requestId}, ${workflowId}, 'place-order', ${mediatorClass}, ${bodyHash}, ${event.customerId},
      'ord-' || left(replace(gen_random_uuid()::text, '-', ''), 20), ${JSON.stringify(event)}::jsonb,
      ${JSON.stringify(policy)}::jsonb
    FROM busy WHERE NOT is_busy
    ON CONFLICT (request_id) DO NOTHING
    RETURNING order_id
  ), noted AS (
    INSERT INTO mediator_store.initiating_event (source, event_id, name, mediator_class, waits_until, customer_id, body_hash, workflow_id, state,
      started_at, rung_at)
    SELECT 'client', ${event.requestId}, 'place-order', ${mediatorClass}, 'started', ${event.customerId}, ${bodyHash}, ${workflowId}, 'started',
      now(), now()
    FROM opened WHERE NOT ${origin?.via === 'queue'}
    ON CONFLICT (source, event_id) DO NOTHING
  )
  SELECT (SELECT order_id FROM opened) AS "orderId", is_busy AS "isBusy" FROM busy`,
);

const orderColumns = {
  orderId: text,
  bodyHash: text,
  state: oneOf(...orderStates),
  outcome: nullable(oneOf('completed', 'cancelled')),
  reason: nullable(text),
  /** Null once the order has ended. */
  event: nullable(jsonb<PlaceOrder>()),
  amendments: int,
  rounds: jsonb<Rounds>(),
  policy: nullable(jsonb<OrderPolicy>()),
  amendment: nullable(jsonb<Amend>()),
  holds: jsonb<readonly OpenHold[]>(),
  approved: nullable(double),
};

/** The row of a request that came before. */
export const readOrder = statement(
  'mediator-store.read-order',
  orderColumns,
  (requestId: string) => sql`
  SELECT order_id AS "orderId", body_hash AS "bodyHash", state, outcome, reason, working AS event, amendments, rounds, policy, amendment,
    ${openHolds} AS holds, (
      SELECT max((details->'total'->>'amount')::bigint)::float8 FROM mediator_store.action WHERE action.order_id = flow.order_id AND action = 'approve'
    ) AS approved
  FROM mediator_store.flow WHERE request_id = ${requestId}`,
);

/** A row of `readOrder` in the form from which the mediator resumes. */
export function foundOrder({ orderId, outcome, reason, ...row }: RowOf<typeof orderColumns>): StoredOrder {
  if (outcome) return { orderId, finished: { outcome, reason }, recovered: null };
  const { state, event, amendments, rounds, holds, policy, amendment, approved } = row;
  if (!event || !policy)
    throw new Error(`The mediator store has no working state of the order ${orderId}, which has not ended.`);
  const compensating = state === 'compensating' ? (reason ?? '') : null;
  const recovered = { event, amendments, rounds, holds, compensating, policy, amendment, approved };
  return { orderId, finished: null, recovered };
}

/**
 * Removes the row of a request whose order was never written, with its holds, actions and event, and tells of the
 * refusal with `request-refused`.
 */
export const withdrawOrder = statement(
  'mediator-store.withdraw-order',
  { sequence: nullable(bigintText) },
  ({ requestId, refused }: WithdrawOrder) => sql`
  WITH withdrawn AS (
    DELETE FROM mediator_store.flow WHERE request_id = ${requestId} AND finished_at IS NULL RETURNING order_id
  ), holds AS (
    DELETE FROM mediator_store.hold USING withdrawn WHERE hold.order_id = withdrawn.order_id
  ), asked AS (
    DELETE FROM mediator_store.initiating_event USING withdrawn WHERE source = 'client' AND event_id = ${requestId} AND stream_sequence IS NULL
  ), actions AS (
    DELETE FROM mediator_store.action USING withdrawn WHERE action.order_id = withdrawn.order_id
  )
  SELECT ${tellRefused('place-order', requestId, refused)} AS sequence FROM withdrawn`,
);

/**
 * Marks the order finished, completes its events and forgets its working state, with `order-completed` when it was
 * completed. Does nothing the second time.
 */
export const finishOrder = statement(
  'mediator-store.finish-order',
  { found: bool, sequence: nullable(text) },
  ({ requestId, orderId, outcome, reason, total, steps }: FinishOrder) => sql`
  WITH found AS (
    SELECT request_id, workflow_id, body_hash FROM mediator_store.flow WHERE request_id = ${requestId} AND order_id = ${orderId}
  ), finished AS (
    UPDATE mediator_store.flow AS flow SET state = ${outcome}, outcome = ${outcome}, reason = ${reason}, finished_at = now(),
      working = NULL, policy = NULL, amendment = NULL, rounds = '{}', open_holds = ARRAY[]::text[],
      total_amount = ${total?.amount ?? null}::bigint, currency = ${total?.currency ?? null}, steps = ${JSON.stringify(steps)}::jsonb
    FROM found WHERE flow.request_id = found.request_id AND flow.finished_at IS NULL
    RETURNING flow.order_id
  ), completed AS (
    UPDATE mediator_store.initiating_event AS event SET ${completion(outcome)} FROM found
    WHERE event.workflow_id = found.workflow_id AND event.body_hash = found.body_hash AND ${isOpen}
  ), ended AS (${endHolds(sql`finished`, outcome === 'cancelled' ? 'undone' : 'completed')}), fact AS (
    SELECT outbox.record_fact('orders', 'order-completed', order_id,
      jsonb_build_object('orderId', order_id, 'outcome', ${outcome}::text)) AS sequence
    FROM finished WHERE ${outcome === 'completed'}
  )
  SELECT EXISTS (SELECT FROM found) AS found, (SELECT sequence FROM fact)::text AS sequence`,
);
