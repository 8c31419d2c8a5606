import type {
  ClosePurchaseOrder,
  OrderStock,
  PurchaseOrder,
  PurchaseOrderClosed,
  StockOrdered,
} from '../../contracts/warehouse.ts';
import type { Database } from '../../prisma/database.ts';
import { bigintText, bool, int, jsonb, text } from '../../prisma/codec.ts';
import { outcomeOf, stored, type Outcome } from '../../prisma/outcome.ts';
import { sql } from '../../prisma/sql.ts';
import { statement, type RowFrom } from '../../prisma/statement.ts';

const schema = 'warehouse';

/** The begin of a re-order: an answer (also when no title is low), or purchase orders to place. */
type StockOrderBegin =
  | { readonly outcome: Outcome<StockOrdered> }
  | { readonly purchaseOrders: readonly RowFrom<typeof purchaseOrdersOf>[] };

/** Reorder rules and purchase orders. The supplier is never called inside a statement. */
export type WarehouseStore = ReturnType<typeof createWarehouseStore>;

export const createWarehouseStore = (database: Database) => ({
  /**
   * Writes an intent for each low or missing title that has no open purchase order, and answers at once when there is
   * no such title: one statement, two when there are purchase orders.
   */
  async begin(command: OrderStock): Promise<StockOrderBegin> {
    const outcome = stored((await database.run(intendPurchases(command)))[0]);
    return outcome ? { outcome } : { purchaseOrders: await database.run(purchaseOrdersOf(command.requestId)) };
  },
  /**
   * Marks one purchase order placed, with its fact: one statement per title, because a transaction holds the counter of
   * one key.
   */
  async placed(orderId: string, purchaseOrder: PurchaseOrder): Promise<void> {
    const rows = await database.run(markPlaced(orderId, purchaseOrder));
    if (rows.length > 0) database.wakeRelay();
  },
  /** Stores the answer. */
  ordered: (command: OrderStock, answer: StockOrdered) =>
    outcomeOf(database, { schema, requestId: command.requestId, query: answerOrder(command, answer) }),
  /** Closes a purchase order; does nothing the second time. */
  close: async ({ purchaseOrderId }: ClosePurchaseOrder): Promise<PurchaseOrderClosed> => ({
    closed: (await database.execute(closePurchaseOrder(purchaseOrderId))) > 0,
  }),
  /** The purchase orders that the supplier has for certain and has not delivered to the end, oldest first. */
  openPurchaseOrders: (): Promise<readonly PurchaseOrder[]> =>
    database.prisma.purchaseOrder.findMany({
      where: { state: 'placed' },
      select: { purchaseOrderId: true, isbn: true, quantity: true },
      orderBy: [{ placedAt: 'asc' }, { purchaseOrderId: 'asc' }],
    }),
});

/**
 * Answers "nothing to order" only when the same snapshot shows nothing to order and no earlier intent of this command:
 * two attempts at once cannot give two answers. A title for which an order waits is ordered at any level, and also
 * without a reorder rule.
 */
export const intendPurchases = statement(
  'warehouse.intend-purchases',
  { answer: jsonb<StockOrdered>() },
  ({ requestId, orderId, levels, missing = [] }: OrderStock) => sql`
  WITH known AS (
    SELECT answer FROM warehouse.answer WHERE request_id = ${requestId}
  ), needed AS (
    SELECT isbn, greatest(coalesce(rule.reorder_quantity, 0), coalesce(missing.quantity, 0)) AS quantity
    FROM jsonb_to_recordset(${JSON.stringify(levels)}::jsonb) AS level(isbn text, "onHand" int)
    FULL JOIN jsonb_to_recordset(${JSON.stringify(missing)}::jsonb) AS missing(isbn text, quantity int) USING (isbn)
    LEFT JOIN warehouse.reorder_rule AS rule USING (isbn)
    WHERE (missing.quantity > 0 OR level."onHand" <= rule.reorder_point) AND NOT EXISTS (SELECT FROM known)
      AND NOT EXISTS (SELECT FROM warehouse.purchase_order AS open WHERE open.isbn = coalesce(level.isbn, missing.isbn) AND open.state <> 'closed')
    ORDER BY isbn
  ), intended AS (
    INSERT INTO warehouse.purchase_order (purchase_order_id, request_id, order_id, isbn, quantity, state)
    SELECT 'po-' || left(md5(${requestId} || '/' || isbn), 20), ${requestId}, ${orderId}, isbn, quantity, 'intended'
    FROM needed
    ON CONFLICT DO NOTHING
  ), nothing AS (
    INSERT INTO warehouse.answer (request_id, order_id, command, answer)
    SELECT ${requestId}, ${orderId}, 'order-stock', '{"purchaseOrders": []}'::jsonb
    WHERE NOT EXISTS (SELECT FROM needed) AND NOT EXISTS (SELECT FROM known)
      AND NOT EXISTS (SELECT FROM warehouse.purchase_order WHERE request_id = ${requestId})
    ON CONFLICT DO NOTHING RETURNING answer
  )
  SELECT answer FROM known UNION ALL SELECT answer FROM nothing`,
);

export const purchaseOrdersOf = statement(
  'warehouse.purchase-orders-of',
  {
    purchaseOrderId: text,
    isbn: text,
    quantity: int,
    /** True when the supplier has it for certain. */
    placed: bool,
  },
  (requestId: string) => sql`
  SELECT purchase_order_id AS "purchaseOrderId", isbn, quantity, state <> 'intended' AS placed
  FROM warehouse.purchase_order WHERE request_id = ${requestId} ORDER BY isbn`,
);

export const markPlaced = statement(
  'warehouse.mark-placed',
  { sequence: bigintText },
  (orderId: string, { purchaseOrderId, isbn, quantity }: PurchaseOrder) => sql`
  WITH placed AS (
    UPDATE warehouse.purchase_order SET state = 'placed', placed_at = now()
    WHERE purchase_order_id = ${purchaseOrderId} AND state = 'intended'
    RETURNING isbn
  )
  SELECT outbox.record_fact('stock', 'stock-ordered', isbn,
    ${JSON.stringify({ isbn, purchaseOrderId, quantity, orderId })}::jsonb) AS sequence
  FROM placed`,
);

export const answerOrder = statement(
  'warehouse.answer-order',
  { answer: jsonb<StockOrdered>() },
  ({ requestId, orderId }: OrderStock, answer: StockOrdered) => sql`
  INSERT INTO warehouse.answer (request_id, order_id, command, answer)
  VALUES (${requestId}, ${orderId}, 'order-stock', ${JSON.stringify(answer)}::jsonb)
  ON CONFLICT DO NOTHING RETURNING answer`,
);

export const closePurchaseOrder = statement(
  'warehouse.close-purchase-order',
  {},
  (purchaseOrderId: string) => sql`
  UPDATE warehouse.purchase_order SET state = 'closed', closed_at = coalesce(closed_at, now())
  WHERE purchase_order_id = ${purchaseOrderId}`,
);
