import type { FinishOrder, ReceiveOrder, Standing, UndoOrder } from '../../contracts/ledger.ts';
import type { OrderOutcomeName } from '../../contracts/order-mediator.ts';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import type { Outcome } from './outcome.ts';

/** One row per initiating event. See `MediatorLedger` of the contracts. */
export interface LedgerStore {
  /** Opens the row and mints the order id, or finds the row: one statement, two when it was there. */
  receive(entry: ReceiveOrder): Promise<Outcome<Standing>>;
  /** Removes the row of a request whose order was never written. */
  withdraw(requestId: string): Promise<void>;
  /** Marks an unfinished flow as being undone. */
  undoing(entry: UndoOrder): Promise<void>;
  /** Marks the flow finished and forgets its working state, with `order-completed` when it was completed: one statement. Does nothing the second time. */
  finish(entry: FinishOrder): Promise<void>;
}

export const createLedgerStore = (database: Database): LedgerStore => ({
  async receive(entry) {
    const [row] = (await open(database, entry)) ?? (await find(database, entry.event.requestId));
    if (!row) throw new Error(`The request ${entry.event.requestId} was withdrawn a moment ago; asking again is safe.`);
    if (row.bodyHash !== entry.bodyHash) {
      return { refusal: { type: 'RequestIdTaken', details: { requestId: entry.event.requestId } } };
    }
    const finished = row.outcome ? { outcome: row.outcome, reason: row.reason } : null;
    return { answer: { orderId: row.orderId, finished } };
  },
  async withdraw(requestId) {
    await database.prisma.$executeRaw`
      DELETE FROM ledger.flow WHERE request_id = ${requestId} AND finished_at IS NULL`;
  },
  async undoing({ requestId, reason }) {
    await database.prisma.$executeRaw`
      UPDATE ledger.flow SET state = 'undoing', reason = ${reason} WHERE request_id = ${requestId} AND finished_at IS NULL`;
  },
  async finish(entry) {
    const [row] = await database.prisma.$queryRaw<{ found: boolean; sequence: string | null }[]>(finishing(entry));
    if (!row?.found) throw new Error(`The ledger has no order ${entry.orderId} under the request ${entry.requestId}.`);
    if (row.sequence !== null) database.wakeRelay();
  },
});

interface FlowRow {
  readonly orderId: string;
  readonly bodyHash: string;
  readonly outcome: OrderOutcomeName | null;
  readonly reason: string | null;
}

/** The new row, or null when the request id has one already. */
async function open({ prisma }: Database, entry: ReceiveOrder): Promise<FlowRow[] | null> {
  const { event, workflowId, mediatorClass, bodyHash } = entry;
  const rows = await prisma.$queryRaw<FlowRow[]>`
    INSERT INTO ledger.flow (request_id, workflow_id, event_name, mediator_class, body_hash, customer_id, order_id, working)
    VALUES (${event.requestId}, ${workflowId}, 'place-order', ${mediatorClass}, ${bodyHash}, ${event.customerId},
      'ord-' || left(replace(gen_random_uuid()::text, '-', ''), 20), ${JSON.stringify(event)}::jsonb)
    ON CONFLICT (request_id) DO NOTHING
    RETURNING order_id AS "orderId", body_hash AS "bodyHash", outcome, reason`;
  return rows.length > 0 ? rows : null;
}

const find = ({ prisma }: Database, requestId: string): Promise<FlowRow[]> => prisma.$queryRaw<FlowRow[]>`
  SELECT order_id AS "orderId", body_hash AS "bodyHash", outcome, reason FROM ledger.flow WHERE request_id = ${requestId}`;

const finishing = ({ requestId, orderId, outcome, reason, total, steps }: FinishOrder): Prisma.Sql => Prisma.sql`
  WITH found AS (
    SELECT request_id FROM ledger.flow WHERE request_id = ${requestId} AND order_id = ${orderId}
  ), finished AS (
    UPDATE ledger.flow AS flow SET state = ${outcome}, outcome = ${outcome}, reason = ${reason}, finished_at = now(), working = NULL,
      total_amount = ${total.amount}::bigint, currency = ${total.currency}, steps = ${JSON.stringify(steps)}::jsonb
    FROM found WHERE flow.request_id = found.request_id AND flow.finished_at IS NULL
    RETURNING flow.order_id
  ), fact AS (
    SELECT outbox.record_fact('orders', 'order-completed', order_id,
      jsonb_build_object('orderId', order_id, 'outcome', ${outcome}::text)) AS sequence
    FROM finished WHERE ${outcome === 'completed'}
  )
  SELECT EXISTS (SELECT FROM found) AS found, (SELECT sequence FROM fact)::text AS sequence`;
