import type { ReceiveStock } from '../../contracts/inventory.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { handOut } from './waiting-list.ts';

/** Books a delivery and hands it out to those that wait for the title. Runs under the locks of the title; returns nothing the second time. */
export const delivery = ({ requestId, purchaseOrderId, isbn, quantity }: ReceiveStock): Prisma.Sql => Prisma.sql`
  WITH free AS (
    SELECT isbn, on_hand + ${quantity}::int AS pieces FROM inventory.stock
    WHERE isbn = ${isbn} AND NOT EXISTS (SELECT FROM inventory.booked_delivery WHERE request_id = ${requestId})
  ), ${handOut(null)}, booked AS (
    INSERT INTO inventory.booked_delivery (request_id, purchase_order_id, isbn, quantity, on_hand, ready)
    SELECT ${requestId}, ${purchaseOrderId}, isbn, ${quantity}::int, on_hand, ready.orders FROM left_over, ready
    RETURNING on_hand, ready
  ), fact AS (
    SELECT outbox.record_fact('stock', 'stock-replenished', ${isbn}, jsonb_build_object('isbn', ${isbn}::text,
      'purchaseOrderId', ${purchaseOrderId}::text, 'quantity', ${quantity}::int, 'onHand', booked.on_hand)) AS sequence
    FROM booked
  )
  SELECT booked.on_hand AS "onHand", booked.ready, fact.sequence::text FROM booked, fact`;
