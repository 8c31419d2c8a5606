import type { Currency } from '../../contracts/money.ts';
import type { PrismaClient } from '../../prisma/generated/client.ts';

/** A title of an order, as it was when it was ordered. */
export interface OrderedTitle {
  readonly orderId: string;
  readonly isbn: string;
  readonly title: string;
  /** What one of it cost, in minor units. */
  readonly unitAmount: number;
  readonly currency: Currency;
}

/** The titles of these orders. */
export const titlesOf = (
  prisma: Pick<PrismaClient, '$queryRaw'>,
  orderIds: readonly string[],
): Promise<OrderedTitle[]> => prisma.$queryRaw<OrderedTitle[]>`
  SELECT order_id AS "orderId", isbn, title, unit_amount AS "unitAmount", currency
  FROM order_placement.order_line JOIN order_placement.placed_order USING (order_id) WHERE order_id = ANY (${[...orderIds]})`;
