import type {
  AdjustInventory,
  InventoryReleased,
  InventoryUpdated,
  ReceiveStock,
  ReleaseInventory,
  RestockReturn,
  StockReceived,
  StockReturned,
} from '../../contracts/inventory.ts';
import type { Database } from '../../prisma/database.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { adjustment, adjustmentLocks } from './adjustment.ts';
import { delivery } from './delivery.ts';
import { firstTake } from './first-take.ts';
import { restock, titlesBack } from './restock.ts';
import { reversal } from './reversal.ts';
import { lockTitles, titlesOf } from './waiting-list.ts';
import { leaveTombstone, outcomeOf, underLocks, type Outcome } from '../../prisma/outcome.ts';

const schema = 'inventory';

/**
 * What is on hand of each title, what each order took, and who waits. Locked in this order: the order's guard, rows of stock by ISBN, rows
 * of the waiting list by order and ISBN, the fact's counter. `on_hand` + taken − restocked + put aside = what there was at first + what was delivered.
 *
 * Whatever makes pieces free hands them out in the same transaction: no piece is free while somebody waits for it. One statement cannot do that,
 * because it would not see who went on the list while it waited for its locks; hence the transactions of several.
 */
export interface InventoryStore {
  /** Makes what the order has taken equal to its lines, or changes nothing of it: one statement the first time when nothing is short, else a transaction. */
  adjust(command: AdjustInventory): Promise<Outcome<InventoryUpdated>>;
  /** Tombstone, then putting back with answer and fact: one statement and a transaction. */
  release(command: ReleaseInventory): Promise<Outcome<InventoryReleased>>;
  /** Books a delivery with its fact: a transaction. A title that had no stock row gets one. */
  receive(command: ReceiveStock): Promise<StockReceived>;
  /** Puts back what came back from the customer, with answer and fact: a transaction. */
  restock(command: RestockReturn): Promise<Outcome<StockReturned>>;
}

export const createInventoryStore = (database: Database): InventoryStore => ({
  async adjust(command) {
    const asked = { schema, requestId: command.requestId } as const;
    if (command.round === 1) {
      const outcome = await outcomeOf<InventoryUpdated>(database, { ...asked, statement: firstTake(command) });
      if ('answer' in outcome || outcome.refusal.type !== 'OutOfStock') return outcome;
    }
    return outcomeOf(database, { ...asked, locks: adjustmentLocks(command), statement: adjustment(command) });
  },
  async release(command) {
    await leaveTombstone(database, schema, command.orderId);
    const locks = lockTitles(titlesOf(command.orderId));
    return outcomeOf(database, { schema, requestId: command.requestId, locks, statement: reversal(command) });
  },
  restock: (command) =>
    outcomeOf(database, {
      schema,
      requestId: command.requestId,
      locks: lockTitles(titlesBack(command)),
      statement: restock(command),
    }),
  async receive(command) {
    const locks = lockTitles(Prisma.sql`SELECT ${command.isbn}::text AS isbn`);
    const [booked] = await underLocks<Booked>(database, locks, delivery(command));
    if (booked) database.wakeRelay();
    const known = booked ?? (await bookedBefore(database, command.requestId));
    if (!known)
      throw new Error(`The delivery ${command.requestId} was neither booked nor found; asking again is safe.`);
    return { isbn: command.isbn, onHand: known.onHand, ready: known.ready };
  },
});

type Booked = Pick<StockReceived, 'onHand' | 'ready'>;

async function bookedBefore({ prisma }: Database, requestId: string): Promise<Booked | undefined> {
  const rows = await prisma.$queryRaw<Booked[]>`
    SELECT on_hand AS "onHand", ready FROM inventory.booked_delivery WHERE request_id = ${requestId}`;
  return rows[0];
}
