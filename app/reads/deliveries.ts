import { receiptRequestId } from '../../contracts/ids.ts';
import type { StockDelivered } from '../../contracts/outside/supplier-deliveries.ts';
import { int, nullable, text } from '../../prisma/codec.ts';
import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';

/** The purchase order of a delivery, and the pieces that inventory has booked under the delivery's id. */
export const deliveryOf = statement(
  'app.delivery-of',
  { isbn: text, ordered: int, booked: nullable(int) },
  ({ purchaseOrderId, deliveryId }: StockDelivered) => sql`
    SELECT placed.isbn, placed.quantity AS ordered, delivery.quantity AS booked
    FROM warehouse.purchase_order AS placed LEFT JOIN inventory.booked_delivery AS delivery
      ON delivery.request_id = ${receiptRequestId(purchaseOrderId, deliveryId)}
    WHERE placed.purchase_order_id = ${purchaseOrderId}`,
);
