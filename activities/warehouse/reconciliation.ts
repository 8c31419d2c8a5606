import type { PurchaseOrder, ReconcileStock } from '../../contracts/warehouse.ts';
import { text } from '../../prisma/codec.ts';
import type { Database } from '../../prisma/database.ts';
import { underLocks } from '../../prisma/outcome.ts';
import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import { lockStock, orderUncovered, uncovered } from '../kit/on-order.ts';
import { purchaseOrdersLeftBehind } from './purchase-orders.ts';

/** The orders that are missing, and those that are open. */
export const createReconciliation = (database: Database) => ({
  /** Orders what waiting orders lack and is not on order. Returns its titles. */
  async cover(requestId: string): Promise<readonly string[]> {
    const isbns = (await database.run(uncovered())).map(({ isbn }) => isbn);
    if (isbns.length === 0) return isbns;
    const titles = sql`SELECT unnest(${isbns}::text[]) AS isbn`;
    await underLocks(database, [lockStock(titles)], orderUncovered(requestId, titles));
    return isbns;
  },
  /** Orders the low titles that the listeners have not ordered in time. Returns them. */
  orderOverlooked: async (command: ReconcileStock): Promise<readonly string[]> =>
    (await database.run(orderOverlooked(command))).map(({ isbn }) => isbn),
  /** The purchase orders of this command, and those that were intended and never placed, oldest first. */
  leftBehind: (command: ReconcileStock) => database.run(purchaseOrdersLeftBehind(command)),
  /** The purchase orders that the supplier has for certain and has not delivered to the end, oldest first. */
  openPurchaseOrders: (): Promise<readonly PurchaseOrder[]> =>
    database.prisma.purchaseOrder.findMany({
      where: { state: 'placed' },
      select: { purchaseOrderId: true, isbn: true, quantity: true },
      orderBy: [{ placedAt: 'asc' }, { purchaseOrderId: 'asc' }],
    }),
});

/** A day is long: the look comes every minute. */
const lookedBack = '1 day';

/**
 * Intends a purchase order for each title of which an order has told, longer ago than this, that it is low and that the
 * listeners re-order it, and which is low and has not been ordered since. Until then the fact, or what follows from it,
 * is under way. A request of the listeners that comes later finds that it was ordered since.
 */
export const orderOverlooked = statement(
  'warehouse.order-overlooked',
  { isbn: text },
  ({ requestId, olderThanSeconds }: ReconcileStock) => sql`
  WITH told AS (
    SELECT DISTINCT ON (level->>'isbn') level->>'isbn' AS isbn, fact.body->>'orderId' AS order_id, fact.time
    FROM outbox.fact, jsonb_array_elements(fact.body->'levels') AS level
    WHERE fact.name = 'inventory-updated' AND fact.body->>'reorderedBy' = 'listeners'
      AND fact.time BETWEEN now() - ${lookedBack}::interval AND now() - make_interval(secs => ${olderThanSeconds}::float8)
      AND (level->>'onHand')::int + (level->>'onOrder')::int <= (level->>'reorderPoint')::int
    ORDER BY level->>'isbn', fact.time DESC
  )
  INSERT INTO warehouse.purchase_order (purchase_order_id, request_id, order_id, isbn, quantity, state)
  SELECT 'po-' || left(md5(${requestId} || '/' || isbn), 20), ${requestId}, told.order_id, isbn, reorder_quantity, 'intended'
  FROM told JOIN warehouse.reorder_rule AS rule USING (isbn) JOIN inventory.stock USING (isbn)
  WHERE stock.on_hand <= rule.reorder_point
    AND NOT EXISTS (SELECT FROM warehouse.purchase_order AS open WHERE open.isbn = told.isbn AND open.state <> 'closed')
    AND NOT EXISTS (SELECT FROM warehouse.purchase_order AS later WHERE later.isbn = told.isbn AND later.intended_at >= told.time)
  ON CONFLICT DO NOTHING RETURNING isbn`,
);
