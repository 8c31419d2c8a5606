import type { OrderActionName } from '../../contracts/mediators/order-actions.ts';
import type { PrismaClient } from '../../prisma/generated/client.ts';
import type { Address } from '../../contracts/address.ts';

/** Something that somebody did to an order. */
export interface RecordedAction {
  /** The update id it was asked under. */
  readonly actionId: string;
  readonly action: OrderActionName;
  /** An operator's name; null: the customer. */
  readonly actor: string | null;
  /** What was asked, without card tokens. */
  readonly details: Readonly<Record<string, unknown>>;
  /** ISO 8601. */
  readonly at: string;
}

/** What people did to an order, oldest first. */
export const actionsOf = (
  prisma: Pick<PrismaClient, '$queryRaw'>,
  orderId: string,
): Promise<readonly RecordedAction[]> => prisma.$queryRaw<RecordedAction[]>`
  SELECT action_id AS "actionId", action, actor, details, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at
  FROM mediator_store.action WHERE order_id = ${orderId} ORDER BY action.at, action_id`;

/** Where an order is to go, as amended; null once the order has ended, and when there is none. */
export async function addressOf(prisma: Pick<PrismaClient, '$queryRaw'>, orderId: string): Promise<Address | null> {
  const [row] = await prisma.$queryRaw<{ shipTo: Address | null }[]>`
    SELECT working->'shipTo' AS "shipTo" FROM mediator_store.flow WHERE order_id = ${orderId}`;
  return row?.shipTo ?? null;
}
