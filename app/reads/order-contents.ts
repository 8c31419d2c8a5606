import type { OrderLine } from '../../contracts/place-order.ts';
import type { PrismaClient } from '../../prisma/generated/client.ts';
import type { Address } from '../../contracts/address.ts';

/** What an order is now: as it was placed or last amended, and how it travels. */
export interface OrderContents {
  /** By ISBN; none before step 1. */
  readonly lines: readonly TitledLine[];
  /** Null before step 1. */
  readonly shipTo: Address | null;
  /** Null while it is not handed over to a carrier, and once it was recalled. */
  readonly shipment: Shipment | null;
}

/** A line with its title as it was when the line was ordered. */
export interface TitledLine extends OrderLine {
  readonly title: string;
}

/** The carrier that has an order, and the number it is found by. */
export interface Shipment {
  /** The carrier's name. */
  readonly carrier: string;
  readonly method: string;
  readonly trackingNumber: string;
}

/** What order placement and shipping have of an order. */
export async function contentsOf(prisma: Pick<PrismaClient, '$queryRaw'>, orderId: string): Promise<OrderContents> {
  const [contents] = await prisma.$queryRaw<OrderContents[]>`
    SELECT ship_to AS "shipTo", (
      SELECT COALESCE(jsonb_agg(jsonb_build_object('isbn', isbn, 'quantity', quantity, 'title', title) ORDER BY isbn), '[]')
      FROM order_placement.order_line AS line WHERE line.order_id = placed.order_id
    ) AS lines, (
      SELECT jsonb_build_object('carrier', carrier.name, 'method', method, 'trackingNumber', tracking_number)
      FROM shipping.shipment JOIN shipping.carrier USING (carrier_id)
      WHERE shipment.order_id = placed.order_id AND recalled_at IS NULL ORDER BY booked_at DESC LIMIT 1
    ) AS shipment
    FROM order_placement.placed_order AS placed WHERE placed.order_id = ${orderId}`;
  return contents ?? { lines: [], shipTo: null, shipment: null };
}
