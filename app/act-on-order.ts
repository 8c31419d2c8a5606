import {
  howToReturn,
  type ActionTaken,
  type OrderActionName,
  type OrderActions,
} from '../contracts/mediators/order-actions.ts';
import type { Address } from '../contracts/address.ts';
import { AppError } from './app-error.ts';
import { askAgainUnder, askWorkflow, lostWorkflow, recordedUnder, sendUpdate } from './ask-workflow.ts';
import { hasEnded } from './order-view.ts';
import { compactMediator } from './mediator-presence.ts';
import { keptOrder } from './orders.ts';
import { interruptOrder } from './reads/compact.ts';
import { actionsOf, addressOf } from './reads/order-details.ts';
import { findOrder, type OrderRecord } from './reads/orders.ts';
import type { Sources } from './sources.ts';

/** An action on an order: checked input, see `contracts/schemas/actions.ts`. */
export interface ActingOnOrder<Name extends OrderActionName = OrderActionName> {
  readonly sources: Sources;
  readonly orderId: string;
  readonly name: Name;
  /** The action, or a function that makes it once it is known that the order takes actions. */
  readonly action: OrderActions[Name] | (() => Promise<OrderActions[Name]>);
  /** One id acts once, also when it is asked again after the order has ended. */
  readonly updateId: string;
  readonly deadlineMs: number;
}

/**
 * Asks the order's mediator to act, and resolves when the decision is recorded. Throws an `AppError` when there is no
 * such order, when the action does not fit its state (nothing has changed then), or when there is no answer in time.
 */
export async function actOnOrder<Name extends OrderActionName>(acting: ActingOnOrder<Name>): Promise<ActionTaken> {
  const { sources, orderId, name, updateId, deadlineMs } = acting;
  const kept = await keptOrder(sources.database, orderId);
  const actions = await actionsOf(sources.database, orderId);
  if (hasEnded(kept)) {
    const known = typeof acting.action === 'function' ? {} : { action: acting.action };
    if (recordedUnder(actions, { updateId, name, ...known })) return { orderId, state: kept.state, holds: kept.holds };
    throw endedOrder(kept);
  }
  const action = typeof acting.action === 'function' ? await acting.action() : acting.action;
  recordedUnder(actions, { updateId, name, action });
  const isCompact = (await sources.database.execute(interruptOrder(orderId))) > 0;
  return askWorkflow({
    client: sources.client,
    deadlineMs,
    ...(isCompact ? { mediator: compactMediator } : {}),
    send: () => sendUpdate<ActionTaken>(sources.client, { workflowId: kept.workflowId, name, updateId, action }),
    outcome: `"${name}" was done to ${orderId}`,
    askAgain: askAgainUnder(updateId),
    async whenGone(cause) {
      const now = await findOrder(sources.database, orderId);
      return now && hasEnded(now)
        ? endedOrder(now, cause)
        : lostWorkflow({ of: orderId, what: 'order', updateId }, cause);
    },
  });
}

/**
 * The address an order is to go to. Throws an `AppError` when there is no such order, or when it has ended and keeps no
 * address.
 */
export async function presentAddress({ database }: Sources, orderId: string): Promise<Address> {
  const address = await addressOf(database, orderId);
  if (!address) throw endedOrder(await keptOrder(database, orderId));
  return address;
}

/** An order that has ended takes no more actions. */
function endedOrder({ orderId, state, reason }: OrderRecord, cause?: unknown): AppError {
  const words =
    state === 'completed'
      ? `is completed; to give it back, ${howToReturn}`
      : `was cancelled${reason ? `: ${reason}` : '.'} Nothing can be done to it any more; place a new order.`;
  return new AppError('refused', `Order ${orderId} ${words}`, { cause });
}
