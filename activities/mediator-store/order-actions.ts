import type { CompensateOrder, NoteAmendment, RecordAction } from '../../contracts/mediators/order-records.ts';
import { bool } from '../../prisma/codec.ts';
import { empty, sql, type Sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import { endHolds, lockFlow } from './order-holds.ts';

/**
 * Keeps the action once per action id, also of an order that has ended. The order changes only when the action is new
 * and the order has not ended.
 */
export const recordAction = statement(
  'mediator-store.record-action',
  { found: bool, first: bool },
  (entry: RecordAction) => {
    const { actionId, action, actor, details, event, amendments, rounds, compensating: reason } = entry;
    return sql`
  WITH flow AS (${lockFlow(entry)}), done AS (
    INSERT INTO mediator_store.action (order_id, action_id, action, actor, details)
    SELECT order_id, ${actionId}, ${action}, ${actor}, ${JSON.stringify(details)}::jsonb FROM flow
    ON CONFLICT (order_id, action_id) DO NOTHING RETURNING order_id
  ), changed AS (
    UPDATE mediator_store.flow AS flow SET working = COALESCE(${jsonOf(event)}, flow.working),
      amendments = COALESCE(${amendments ?? null}::int, flow.amendments),
      amendment = CASE WHEN ${action === 'amend'} THEN NULL ELSE flow.amendment END, rounds = COALESCE(${jsonOf(rounds)}, flow.rounds)
      ${reason === undefined ? empty : sql`, ${decision(reason)}`}
    FROM done WHERE flow.order_id = done.order_id AND flow.finished_at IS NULL
    RETURNING flow.order_id
  ), ended AS (${endHolds(sql`changed`, 'undone', sql`${reason !== undefined} AND hold.reason <> 'compensation'`)})
  SELECT EXISTS (SELECT FROM flow) AS found, EXISTS (SELECT FROM done) AS first`;
  },
);

/** Keeps an amendment that begins, or forgets one that came to nothing. Does nothing when the order has ended. */
export const noteAmendment = statement(
  'mediator-store.note-amendment',
  { found: bool },
  ({ amendment, rounds, ...entry }: NoteAmendment) => sql`
  WITH flow AS (${lockFlow(entry)}), noted AS (
    UPDATE mediator_store.flow AS flow SET amendment = ${jsonOf(amendment ?? undefined)}, rounds = ${jsonOf(rounds)} FROM flow AS locked
    WHERE flow.request_id = locked.request_id AND flow.finished_at IS NULL
  )
  SELECT EXISTS (SELECT FROM flow) AS found`,
);

/** Marks an unfinished order as compensating and ends its holds. The first reason stays. */
export const compensateOrder = statement(
  'mediator-store.compensate-order',
  { found: bool },
  ({ reason, ...entry }: CompensateOrder) => sql`
  WITH flow AS (${lockFlow(entry)}), decided AS (
    UPDATE mediator_store.flow AS flow SET ${decision(reason)} FROM flow AS locked
    WHERE flow.request_id = locked.request_id AND flow.finished_at IS NULL
    RETURNING flow.order_id
  ), ended AS (${endHolds(sql`decided`, 'undone', sql`hold.reason <> 'compensation'`)})
  SELECT EXISTS (SELECT FROM flow) AS found`,
);

/** The decision to compensate is taken once: the first reason stays, and a compensation that is held stays held. */
const decision = (reason: string): Sql => sql`
  state = 'compensating', reason = CASE WHEN flow.state = 'compensating' THEN flow.reason ELSE ${reason}::text END,
  open_holds = CASE WHEN flow.state = 'compensating' THEN flow.open_holds ELSE ARRAY[]::text[] END`;

const jsonOf = (value: unknown): Sql => sql`${value === undefined ? null : JSON.stringify(value)}::jsonb`;
