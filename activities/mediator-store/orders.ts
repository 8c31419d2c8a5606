import type {
  ActionRecorded,
  FinishOrder,
  HoldOrder,
  NoteAmendment,
  ReceiveOrder,
  RecordAction,
  ResumeOrder,
  StoredOrder,
  CompensateOrder,
} from '../../contracts/mediators/order-records.ts';
import type { Database } from '../../prisma/database.ts';
import type { Prisma } from '../../prisma/generated/client.ts';
import { amending, recording, compensating } from './order-actions.ts';
import { completeAgain, finishing, openRow, rowOf } from './order-rows.ts';
import { holding, resuming } from './order-holds.ts';
import { unfinishedPages, type UnfinishedOrder } from './unfinished-orders.ts';
import type { Outcome } from '../../prisma/outcome.ts';

export type { UnfinishedOrder };

/** One row per initiating event, with its holds and what people did. One statement each; see `MediatorLedger` of the contracts. */
export interface OrderStore {
  /** Opens the row and mints the order id, or finds the row: one statement, two when it was there, three when its order has ended. */
  receive(entry: ReceiveOrder): Promise<Outcome<StoredOrder>>;
  /** Removes the row of a request whose order was never written. */
  withdraw(requestId: string): Promise<void>;
  /** Opens the hold with `order-held`. Does nothing the second time, when the flow has ended, or when it is being undone for another reason. */
  hold(entry: HoldOrder): Promise<void>;
  /** Ends the hold with `order-resumed`. Does nothing when it has ended. */
  resume(entry: ResumeOrder): Promise<void>;
  /** Keeps an amendment that begins, or forgets one that came to nothing. Does nothing when the flow has ended. */
  noteAmendment(entry: NoteAmendment): Promise<void>;
  /** Keeps what somebody did, once per action id, and what follows from it for a flow that has not ended. */
  record(entry: RecordAction): Promise<ActionRecorded>;
  /** Marks an unfinished flow as being undone; the first reason stays. */
  compensating(entry: CompensateOrder): Promise<void>;
  /** Marks the flow finished and forgets its working state, with `order-completed` when it was completed. Does nothing the second time. */
  finish(entry: FinishOrder): Promise<void>;
  /** Every order that has not ended, oldest first, in pages. They hold card tokens. */
  unfinishedOrders(): AsyncIterable<readonly UnfinishedOrder[]>;
}

export const createOrderStore = (database: Database): OrderStore => ({
  receive: (entry) => receive(database, entry),
  async withdraw(requestId) {
    await database.prisma.$executeRaw`
      WITH withdrawn AS (
        DELETE FROM mediator_store.flow WHERE request_id = ${requestId} AND finished_at IS NULL RETURNING order_id
      ), holds AS (
        DELETE FROM mediator_store.hold USING withdrawn WHERE hold.order_id = withdrawn.order_id
      ), asked AS (
        DELETE FROM mediator_store.initiating_event USING withdrawn WHERE source = 'client' AND event_id = ${requestId} AND stream_sequence IS NULL
      )
      DELETE FROM mediator_store.action USING withdrawn WHERE action.order_id = withdrawn.order_id`;
  },
  hold: async (entry) => void (await write(database, entry, holding(entry))),
  resume: async (entry) => void (await write(database, entry, resuming(entry))),
  noteAmendment: async (entry) => void (await write(database, entry, amending(entry))),
  record: async (entry) => ({ first: (await write(database, entry, recording(entry))).first === true }),
  compensating: async (entry) => void (await write(database, entry, compensating(entry))),
  finish: async (entry) => void (await write(database, entry, finishing(entry))),
  unfinishedOrders: () => unfinishedPages(database),
});

async function receive(database: Database, entry: ReceiveOrder): Promise<Outcome<StoredOrder>> {
  const { requestId } = entry.event;
  const row = (await openRow(database, entry)) ?? (await rowOf(database, requestId));
  if (!row) throw new Error(`The request ${requestId} was withdrawn a moment ago; asking again is safe.`);
  const { bodyHash, standing } = row;
  if (bodyHash !== entry.bodyHash) return { refusal: { type: 'RequestIdTaken', details: { requestId } } };
  if (standing.finished) await completeAgain(database, entry, standing.finished.outcome);
  return { answer: standing };
}

/** What every statement about a known order returns. */
interface Written {
  readonly found: boolean;
  /** The sequence of the fact that was recorded; null when none was. */
  readonly sequence: string | null;
  readonly first?: boolean;
}

async function write(
  database: Database,
  { orderId, requestId }: { readonly orderId: string; readonly requestId: string },
  statement: Prisma.Sql,
): Promise<Written> {
  const [row] = await database.prisma.$queryRaw<Written[]>(statement);
  if (!row?.found) throw new Error(`The mediator store has no order ${orderId} under the request ${requestId}.`);
  if (row.sequence !== null) database.wakeRelay();
  return row;
}
