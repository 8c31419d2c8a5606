import { randomUUID } from 'node:crypto';
import type { PlacedOrder } from '../../app/place.ts';
import type { Hold, HoldReason } from '../../contracts/mediators/holds.ts';
import type { ActionTaken, OrderActionName, OrderActions } from '../../contracts/mediators/order-actions.ts';
import type { Shop } from './shop.ts';
import { until } from './until.ts';

/** Sends an action to an order's workflow as the client and the desk do. */
export const act = <Name extends OrderActionName>(
  { client }: Shop,
  { workflowId }: Pick<PlacedOrder, 'workflowId'>,
  action: Name,
  input: Omit<OrderActions[Name], 'actor'> & { readonly actor?: string | null },
  updateId: string = randomUUID(),
): Promise<ActionTaken> =>
  client.workflow
    .getHandle(workflowId)
    .executeUpdate<ActionTaken, [object]>(action, { args: [{ actor: null, ...input }], updateId });

/** The sentence an action is refused with; fails when it is taken. */
export async function refusalOf(acting: Promise<ActionTaken>): Promise<string> {
  const taken = await acting.catch((error: unknown) => (error as { cause?: Error }).cause?.message ?? String(error));
  if (typeof taken === 'string') return taken;
  throw new Error(`The action was taken: ${JSON.stringify(taken)}`);
}

/** Waits until the order is held for this, and its row too: the mediator writes that a moment later. */
export async function heldFor(shop: Shop, placed: PlacedOrder, reason: HoldReason): Promise<Hold> {
  let found: Hold | undefined;
  const isHeld = async () => {
    found = (await shop.progress(placed)).holds.find((hold) => hold.reason === reason);
    return found !== undefined && isStored(shop, placed, found);
  };
  await until(isHeld, { within: 30_000, what: `a hold for ${reason}` });
  return found as Hold;
}

/** The activities of a flow that went through a task queue, in their order. */
export async function queuedActivities(
  { client }: Shop,
  { workflowId }: Pick<PlacedOrder, 'workflowId'>,
): Promise<readonly (string | null | undefined)[]> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
    scheduled ? [scheduled.activityType?.name] : [],
  );
}

/** Desk and reconciler read from here. */
async function isStored({ sql }: Shop, { orderId }: PlacedOrder, { reason, since }: Hold): Promise<boolean> {
  const query = 'SELECT FROM mediator_store.hold WHERE order_id = $1 AND reason = $2 AND since = $3';
  return (await sql(query, [orderId, reason, since])).length > 0;
}
