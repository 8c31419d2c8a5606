import type { AdjustInventory, InventoryProcessor, InventoryUpdated } from '../../contracts/inventory.ts';
import type { Database } from '../../prisma/database.ts';
import { leaveTombstone, outcomeOf, underLocks, type Outcome } from '../../prisma/outcome.ts';
import { sql } from '../../prisma/sql.ts';
import { orderUncovered } from '../kit/on-order.ts';
import { answering, answerOf } from '../kit/refuse.ts';
import { adjustmentLocks, adjustUnderLocks, takeAtOnce } from './adjustment.ts';
import { bookedDelivery, receiveStock, releaseInventory, restockReturn, titlesBack } from './incoming-stock.ts';
import { lockTitles, titlesOf } from './waiting-list.ts';

const schema = 'inventory';

/**
 * Takes stock, puts it back, and books deliveries; pieces that become free go to the orders that wait.
 *
 * Rows are locked in this order: the order's guard, rows of stock by ISBN, rows of the waiting list by order and ISBN,
 * the fact's counter. For each title, `on_hand` + taken − restocked + put aside = first stock + deliveries. A command
 * that makes pieces free hands them out in the same transaction: no piece is free while an order waits for it. One
 * statement cannot do that, because it would not see the orders that joined the list while it waited for its locks; so
 * these commands are transactions of several statements.
 */
export const createInventoryProcessor = (database: Database): InventoryProcessor => {
  const answer = answering(database, schema);
  return {
    adjustInventory: async (command) => answerOf(await adjust(database, command)),
    async releaseInventory(command) {
      await leaveTombstone(database, schema, command.orderId);
      return answer(command, releaseInventory(command), lockTitles(titlesOf(command.orderId)));
    },
    async receiveStock(command) {
      const { requestId, isbn } = command;
      const [booked] = await underLocks(database, lockTitles(sql`SELECT ${isbn}::text AS isbn`), receiveStock(command));
      if (booked) database.wakeRelay();
      const [known] = booked ? [booked] : await database.run(bookedDelivery(requestId));
      if (!known) throw new Error(`The delivery ${requestId} was neither booked nor found; asking again is safe.`);
      return { isbn, onHand: known.onHand, ready: known.ready };
    },
    restockReturn: (command) => answer(command, restockReturn(command), lockTitles(titlesBack(command))),
  };
};

/** One statement at the first adjustment, when no title is short; else a transaction, which orders what it lacks. */
async function adjust(database: Database, command: AdjustInventory): Promise<Outcome<InventoryUpdated>> {
  const { requestId, orderId, round } = command;
  if (round === 1) {
    const outcome = await outcomeOf(database, { schema, requestId, query: takeAtOnce(command) });
    if ('answer' in outcome || outcome.refusal.type !== 'OutOfStock') return outcome;
  }
  const last = orderUncovered(requestId, sql`SELECT isbn FROM inventory.waiting WHERE order_id = ${orderId}`);
  const [locks, query] = [adjustmentLocks(command), adjustUnderLocks(command)];
  return outcomeOf(database, { schema, requestId, locks, query, last });
}
