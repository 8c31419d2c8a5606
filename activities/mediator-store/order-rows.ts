import type {
  FinishOrder,
  OpenHold,
  ReceiveOrder,
  Rounds,
  StoredOrder,
} from '../../contracts/mediators/order-records.ts';
import type { Amend } from '../../contracts/mediators/order-actions.ts';
import type { OrderOutcomeName, OrderState } from '../../contracts/mediators/order-mediator.ts';
import type { OrderPolicy } from '../../contracts/mediators/order-policy.ts';
import type { PlaceOrder } from '../../contracts/place-order.ts';
import type { Database } from '../../prisma/database.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { openHolds } from '../../prisma/open-holds.ts';
import { completion, isOpen } from './events.ts';
import { endHolds } from './order-actions.ts';

interface FoundRow {
  readonly bodyHash: string;
  readonly standing: StoredOrder;
}

/** The new row, or undefined when the request id has one already. A request of the client gets its row among the initiating events as well: a queued one has it. */
export async function openRow({ prisma }: Database, entry: ReceiveOrder): Promise<FoundRow | undefined> {
  const { event, workflowId, mediatorClass, bodyHash, policy } = entry;
  const isQueued = entry.origin?.via === 'queue';
  const [row] = await prisma.$queryRaw<{ orderId: string }[]>`
    WITH opened AS (
      INSERT INTO mediator_store.flow (request_id, workflow_id, event_name, mediator_class, body_hash, customer_id, order_id, working, policy)
      VALUES (${event.requestId}, ${workflowId}, 'place-order', ${mediatorClass}, ${bodyHash}, ${event.customerId},
        'ord-' || left(replace(gen_random_uuid()::text, '-', ''), 20), ${JSON.stringify(event)}::jsonb,
        ${JSON.stringify(policy)}::jsonb)
      ON CONFLICT (request_id) DO NOTHING
      RETURNING order_id
    ), noted AS (
      INSERT INTO mediator_store.initiating_event (source, event_id, name, mediator_class, waits_until, customer_id, body_hash, workflow_id, state, started_at)
      SELECT 'client', ${event.requestId}, 'place-order', ${mediatorClass}, 'started', ${event.customerId}, ${bodyHash}, ${workflowId}, 'started', now()
      FROM opened WHERE NOT ${isQueued}
      ON CONFLICT (source, event_id) DO NOTHING
    )
    SELECT order_id AS "orderId" FROM opened`;
  return row && { bodyHash, standing: { orderId: row.orderId, finished: null, recovered: null } };
}

interface FlowRow {
  readonly orderId: string;
  readonly bodyHash: string;
  readonly state: OrderState;
  readonly outcome: OrderOutcomeName | null;
  readonly reason: string | null;
  /** Null once the flow has ended. */
  readonly event: PlaceOrder | null;
  readonly amendments: number;
  readonly rounds: Rounds;
  readonly holds: readonly OpenHold[];
  readonly policy: OrderPolicy | null;
  readonly amendment: Amend | null;
  readonly approved: number | null;
}

/** The row that was there before, with where its order stood. */
export async function rowOf({ prisma }: Database, requestId: string): Promise<FoundRow | undefined> {
  const [row] = await prisma.$queryRaw<FlowRow[]>(Prisma.sql`
    SELECT order_id AS "orderId", body_hash AS "bodyHash", state, outcome, reason, working AS event, amendments, rounds, policy, amendment,
      ${openHolds} AS holds, (
        SELECT max((details->'total'->>'amount')::bigint)::float8 FROM mediator_store.action WHERE action.order_id = flow.order_id AND action = 'approve'
      ) AS approved
    FROM mediator_store.flow WHERE request_id = ${requestId}`);
  return row && { bodyHash: row.bodyHash, standing: standingOf(row) };
}

function standingOf({ orderId, outcome, reason, ...row }: FlowRow): StoredOrder {
  if (outcome) return { orderId, finished: { outcome, reason }, recovered: null };
  const { state, event, amendments, rounds, holds, policy, amendment, approved } = row;
  if (!event) throw new Error(`The mediator store has no working state of the order ${orderId}, which has not ended.`);
  const compensating = state === 'compensating' ? (reason ?? '') : null;
  const recovered = { event, amendments, rounds, holds, compensating, policy, amendment, approved };
  return { orderId, finished: null, recovered };
}

export const finishing = ({ requestId, orderId, outcome, reason, total, steps }: FinishOrder): Prisma.Sql => Prisma.sql`
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
  ), ended AS (${endHolds(Prisma.sql`finished`, outcome === 'cancelled' ? 'undone' : 'completed')}), fact AS (
    SELECT outbox.record_fact('orders', 'order-completed', order_id,
      jsonb_build_object('orderId', order_id, 'outcome', ${outcome}::text)) AS sequence
    FROM finished WHERE ${outcome === 'completed'}
  )
  SELECT EXISTS (SELECT FROM found) AS found, (SELECT sequence FROM fact)::text AS sequence`;

/** A queued event that asks for what was done before, maybe long ago, is complete as well. */
export async function completeAgain(
  { prisma }: Database,
  { workflowId, bodyHash }: ReceiveOrder,
  outcome: string,
): Promise<void> {
  await prisma.$executeRaw(Prisma.sql`
    UPDATE mediator_store.initiating_event AS event SET ${completion(outcome)}
    WHERE event.workflow_id = ${workflowId} AND event.body_hash = ${bodyHash} AND ${isOpen}`);
}
