import type { NoteAmendment, RecordAction, CompensateOrder } from '../../contracts/mediators/order-records.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { lockFlow } from './order-holds.ts';

/** Keeps the action, also of a flow that has ended; changes the flow only when the action is new and the flow has not ended. */
export function recording(entry: RecordAction): Prisma.Sql {
  const { actionId, action, actor, details, event, amendments, rounds, compensating: reason } = entry;
  return Prisma.sql`
  WITH flow AS (${lockFlow(entry)}), done AS (
    INSERT INTO mediator_store.action (order_id, action_id, action, actor, details)
    SELECT order_id, ${actionId}, ${action}, ${actor}, ${JSON.stringify(details)}::jsonb FROM flow
    ON CONFLICT (order_id, action_id) DO NOTHING RETURNING order_id
  ), changed AS (
    UPDATE mediator_store.flow AS flow SET working = COALESCE(${jsonOf(event)}, flow.working),
      amendments = COALESCE(${amendments ?? null}::int, flow.amendments),
      amendment = CASE WHEN ${action === 'amend'} THEN NULL ELSE flow.amendment END, rounds = COALESCE(${jsonOf(rounds)}, flow.rounds)
      ${reason === undefined ? Prisma.empty : Prisma.sql`, ${decision(reason)}`}
    FROM done WHERE flow.order_id = done.order_id AND flow.finished_at IS NULL
    RETURNING flow.order_id
  ), ended AS (${endHolds(Prisma.sql`changed`, 'undone', Prisma.sql`${reason !== undefined} AND hold.reason <> 'compensation'`)})
  SELECT EXISTS (SELECT FROM flow) AS found, EXISTS (SELECT FROM done) AS first, NULL AS sequence`;
}

export const amending = ({ amendment, rounds, ...entry }: NoteAmendment): Prisma.Sql => Prisma.sql`
  WITH flow AS (${lockFlow(entry)}), noted AS (
    UPDATE mediator_store.flow AS flow SET amendment = ${jsonOf(amendment ?? undefined)}, rounds = ${jsonOf(rounds)} FROM flow AS locked
    WHERE flow.request_id = locked.request_id AND flow.finished_at IS NULL
  )
  SELECT EXISTS (SELECT FROM flow) AS found, NULL AS sequence`;

export const compensating = ({ reason, ...entry }: CompensateOrder): Prisma.Sql => Prisma.sql`
  WITH flow AS (${lockFlow(entry)}), decided AS (
    UPDATE mediator_store.flow AS flow SET ${decision(reason)} FROM flow AS locked
    WHERE flow.request_id = locked.request_id AND flow.finished_at IS NULL
    RETURNING flow.order_id
  ), ended AS (${endHolds(Prisma.sql`decided`, 'undone', Prisma.sql`hold.reason <> 'compensation'`)})
  SELECT EXISTS (SELECT FROM flow) AS found, NULL AS sequence`;

/** The decision to undo, taken once: the first reason stays, and a compensation that is held stays held. */
const decision = (reason: string): Prisma.Sql => Prisma.sql`
  state = 'compensating', reason = CASE WHEN flow.state = 'compensating' THEN flow.reason ELSE ${reason}::text END,
  open_holds = CASE WHEN flow.state = 'compensating' THEN flow.open_holds ELSE ARRAY[]::text[] END`;

/** Ends the holds of the orders of a CTE. The body of a CTE. */
export const endHolds = (
  orders: Prisma.Sql,
  by: string,
  which: Prisma.Sql = Prisma.sql`true`,
): Prisma.Sql => Prisma.sql`
  UPDATE mediator_store.hold AS hold SET ended_at = now(), ended_by = ${by} FROM ${orders} AS orders
  WHERE hold.order_id = orders.order_id AND hold.ended_at IS NULL AND ${which}`;

const jsonOf = (value: unknown): Prisma.Sql => Prisma.sql`${value === undefined ? null : JSON.stringify(value)}::jsonb`;
