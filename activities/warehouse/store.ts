import type { ClosePurchaseOrder, OrderStock, StockOrdered } from '../../contracts/warehouse.ts';
import type { Database } from '../../prisma/database.ts';
import { bigintText, jsonb, text } from '../../prisma/codec.ts';
import { insertAnswer, outcomeOf, stored, underLocks, type Outcome } from '../../prisma/outcome.ts';
import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import { lockStock, orderUncovered } from '../kit/on-order.ts';
import { purchaseOrder, purchaseOrdersOf, titleOf, type IntendedOrder } from './purchase-orders.ts';
import { createReconciliation } from './reconciliation.ts';

const schema = 'warehouse';

/** The begin of a re-order: an answer (also when there is nothing to place), or purchase orders to place. */
type StockOrderBegin =
  { readonly outcome: Outcome<StockOrdered> } | { readonly purchaseOrders: readonly IntendedOrder[] };

/** Reorder rules and purchase orders. The supplier is never called inside a statement. */
export type WarehouseStore = ReturnType<typeof createWarehouseStore>;

export const createWarehouseStore = (database: Database) => ({
  /**
   * Writes an intent for each low title that has no open purchase order, takes over what is intended of the missing
   * titles, and answers at once when there is nothing to place: one statement, two when there is.
   */
  async begin(command: OrderStock): Promise<StockOrderBegin> {
    const outcome = stored((await database.run(intendPurchases(command)))[0]);
    return outcome ? { outcome } : { purchaseOrders: await database.run(purchaseOrdersOf(command.requestId)) };
  },
  purchaseOrdersOf: (requestId: string) => database.run(purchaseOrdersOf(requestId)),
  purchaseOrder: (purchaseOrderId: string) => database.run(purchaseOrder(purchaseOrderId)),
  /**
   * Marks one purchase order placed, with its fact: one statement per title, because a transaction holds the counter of
   * one key.
   */
  async placed(purchaseOrderId: string): Promise<void> {
    const rows = await database.run(markPlaced(purchaseOrderId));
    if (rows.length > 0) database.wakeRelay();
  },
  /** Stores the answer. */
  ordered: (command: OrderStock, answer: StockOrdered) =>
    outcomeOf(database, { schema, requestId: command.requestId, query: answerOrder(command, answer) }),
  /**
   * Closes a purchase order, and orders what waiting orders still lack of its title under the request id. Does nothing
   * the second time. False when there is no such purchase order.
   */
  async close({ requestId, purchaseOrderId }: ClosePurchaseOrder): Promise<boolean> {
    const title = titleOf(purchaseOrderId);
    const last = orderUncovered(requestId, title);
    return (await underLocks(database, [lockStock(title)], closePurchaseOrder(purchaseOrderId), last)).length > 0;
  },
  ...createReconciliation(database),
});

/**
 * Answers "nothing to order" only when the same snapshot shows nothing to order and no earlier intent of this command:
 * two attempts at once cannot give two answers.
 */
export const intendPurchases = statement(
  'warehouse.intend-purchases',
  { answer: jsonb<StockOrdered>() },
  ({ requestId, orderId, levels, asOf, missing = [] }: OrderStock) => sql`
  WITH known AS (
    SELECT answer FROM warehouse.answer WHERE request_id = ${requestId}
  ), needed AS (
    SELECT isbn, reorder_quantity AS quantity
    FROM jsonb_to_recordset(${JSON.stringify(levels)}::jsonb) AS level(isbn text, "onHand" int)
    JOIN warehouse.reorder_rule AS rule USING (isbn)
    WHERE level."onHand" <= rule.reorder_point AND NOT EXISTS (SELECT FROM known)
      AND NOT EXISTS (SELECT FROM warehouse.purchase_order AS open WHERE open.isbn = level.isbn AND open.state <> 'closed')
      AND NOT EXISTS (SELECT FROM warehouse.purchase_order AS later WHERE later.isbn = level.isbn AND later.intended_at >= ${asOf ?? null}::timestamptz)
    ORDER BY isbn
  ), intended AS (
    INSERT INTO warehouse.purchase_order (purchase_order_id, request_id, order_id, isbn, quantity, state)
    SELECT 'po-' || left(md5(${requestId} || '/' || isbn), 20), ${requestId}, ${orderId}, isbn, quantity, 'intended'
    FROM needed
    ON CONFLICT DO NOTHING
  ), due AS (
    SELECT purchase_order_id FROM warehouse.purchase_order
    WHERE isbn = ANY(${missing.map(({ isbn }) => isbn)}::text[]) AND state = 'intended' AND NOT EXISTS (SELECT FROM known)
    ORDER BY purchase_order_id FOR UPDATE
  ), taken_over AS (
    UPDATE warehouse.purchase_order AS one SET request_id = ${requestId}
    FROM due WHERE one.purchase_order_id = due.purchase_order_id RETURNING one.isbn
  ), nothing AS (
    INSERT INTO warehouse.answer (request_id, order_id, command, answer)
    SELECT ${requestId}, ${orderId}, 'order-stock', '{"purchaseOrders": []}'::jsonb
    WHERE NOT EXISTS (SELECT FROM needed) AND NOT EXISTS (SELECT FROM taken_over) AND NOT EXISTS (SELECT FROM known)
      AND NOT EXISTS (SELECT FROM warehouse.purchase_order WHERE request_id = ${requestId})
    ON CONFLICT DO NOTHING RETURNING answer
  )
  SELECT answer FROM known UNION ALL SELECT answer FROM nothing`,
);

export const markPlaced = statement(
  'warehouse.mark-placed',
  { sequence: bigintText },
  (purchaseOrderId: string) => sql`
  WITH placed AS (
    UPDATE warehouse.purchase_order SET state = 'placed', placed_at = now()
    WHERE purchase_order_id = ${purchaseOrderId} AND state = 'intended'
    RETURNING *
  )
  SELECT outbox.record_fact('stock', 'stock-ordered', isbn, jsonb_build_object('isbn', isbn,
    'purchaseOrderId', purchase_order_id, 'quantity', quantity, 'orderId', order_id), request_id) AS sequence
  FROM placed`,
);

export const answerOrder = statement(
  'warehouse.answer-order',
  { answer: jsonb<StockOrdered>() },
  (command: OrderStock, answer: StockOrdered) => insertAnswer(schema, 'order-stock', command, answer),
);

export const closePurchaseOrder = statement(
  'warehouse.close-purchase-order',
  { isbn: text },
  (purchaseOrderId: string) => sql`
  UPDATE warehouse.purchase_order SET state = 'closed', closed_at = coalesce(closed_at, now())
  WHERE purchase_order_id = ${purchaseOrderId} RETURNING isbn`,
);
