import type { OrderRecords, ReceiveOrder, StoredOrder } from '../../contracts/mediators/order-records.ts';
import type { Database } from '../../prisma/database.ts';
import type { Outcome } from '../../prisma/outcome.ts';
import type { Query } from '../../prisma/statement.ts';
import { answerOf } from '../kit/refuse.ts';
import { completeAgain } from './event-records.ts';
import { compensateOrder, noteAmendment, recordAction } from './order-actions.ts';
import { holdOrder, resumeOrder } from './order-holds.ts';
import { finishOrder, foundOrder, openOrder, readOrder, withdrawOrder } from './order-rows.ts';

/**
 * The order mediator's records, as activities of its worker. Each is one statement of the same name;
 * `receiveOrder` has up to three.
 */
export const createOrderRecords = (database: Database): OrderRecords => ({
  receiveOrder: async (entry) => answerOf(await receiveOrder(database, entry)),
  async withdrawOrder(entry) {
    const [withdrawn] = await database.run(withdrawOrder(entry));
    if (withdrawn?.sequence != null) database.wakeRelay();
  },
  holdOrder: async (entry) => void (await write(database, entry, holdOrder(entry))),
  resumeOrder: async (entry) => void (await write(database, entry, resumeOrder(entry))),
  noteAmendment: async (entry) => void (await write(database, entry, noteAmendment(entry))),
  recordAction: async (entry) => ({ first: (await write(database, entry, recordAction(entry))).first }),
  compensateOrder: async (entry) => void (await write(database, entry, compensateOrder(entry))),
  finishOrder: async (entry) => void (await write(database, entry, finishOrder(entry))),
});

/** One statement for a new order, two for one that is there, three for one that has ended. */
async function receiveOrder(database: Database, entry: ReceiveOrder): Promise<Outcome<StoredOrder>> {
  const { requestId, customerId } = entry.event;
  const [opened] = await database.run(openOrder(entry));
  if (opened?.isBusy) return { refusal: { type: 'CustomerBusy', details: { customerId } } };
  if (opened?.orderId) return { answer: { orderId: opened.orderId, finished: null, recovered: null } };
  const [row] = await database.run(readOrder(requestId));
  if (!row) throw new Error(`The request ${requestId} was withdrawn a moment ago; asking again is safe.`);
  if (row.bodyHash !== entry.bodyHash) return { refusal: { type: 'RequestIdTaken', details: { requestId } } };
  const found = foundOrder(row);
  if (found.finished) await database.execute(completeAgain(entry, found.finished.outcome));
  return { answer: found };
}

/** The part that the rows of all statements about a known order share. */
interface Written {
  readonly found: boolean;
  /** The sequence of the fact that was recorded; null or absent when none was. */
  readonly sequence?: string | null;
}

async function write<Row extends Written>(
  database: Database,
  { orderId, requestId }: { readonly orderId: string; readonly requestId: string },
  query: Query<Row>,
): Promise<Row> {
  const [row] = await database.run(query);
  if (!row?.found) throw new Error(`The mediator store has no order ${orderId} under the request ${requestId}.`);
  if (row.sequence) database.wakeRelay();
  return row;
}
