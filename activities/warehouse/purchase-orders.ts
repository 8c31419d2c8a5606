import type { ReconcileStock } from '../../contracts/warehouse.ts';
import { bool, int, text } from '../../prisma/codec.ts';
import { sql, type Sql } from '../../prisma/sql.ts';
import { statement, type RowFrom } from '../../prisma/statement.ts';

/** The title of a purchase order, as a query. */
export const titleOf = (purchaseOrderId: string): Sql =>
  sql`SELECT isbn FROM warehouse.purchase_order WHERE purchase_order_id = ${purchaseOrderId}`;

/** A purchase order, and whether the supplier has it for certain. */
export type IntendedOrder = RowFrom<typeof purchaseOrdersOf>;

const purchaseOrderColumns = { purchaseOrderId: text, isbn: text, quantity: int, placed: bool };

const purchaseOrders = sql`
  SELECT purchase_order_id AS "purchaseOrderId", isbn, quantity, state <> 'intended' AS placed FROM warehouse.purchase_order`;

export const purchaseOrdersOf = statement(
  'warehouse.purchase-orders-of',
  purchaseOrderColumns,
  (requestId: string) => sql`${purchaseOrders} WHERE request_id = ${requestId} ORDER BY isbn`,
);

export const purchaseOrder = statement(
  'warehouse.purchase-order',
  purchaseOrderColumns,
  (purchaseOrderId: string) => sql`${purchaseOrders} WHERE purchase_order_id = ${purchaseOrderId}`,
);

export const purchaseOrdersLeftBehind = statement(
  'warehouse.purchase-orders-left-behind',
  purchaseOrderColumns,
  ({ requestId, olderThanSeconds }: ReconcileStock) => sql`
  ${purchaseOrders} WHERE state = 'intended'
    AND (request_id = ${requestId} OR intended_at <= now() - make_interval(secs => ${olderThanSeconds}::float8))
  ORDER BY intended_at, purchase_order_id`,
);
