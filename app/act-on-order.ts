import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionTaken, OrderActionName, OrderActions } from '../contracts/mediators/order-actions.ts';
import type { OrderRecord } from './reads/orders.ts';
import { actionsOf } from './reads/order-actions.ts';
import { actingTrouble, hasEndedAs } from './acting-trouble.ts';
import { hasEnded } from './order-view.ts';
import { keptOrder, type Sources } from './orders.ts';
import { notReadyYet } from './service-trouble.ts';
import { AppError } from './app-error.ts';

/** What somebody does to an order: checked input, see `contracts/schemas/order-actions.ts`. */
export interface ActingOnOrder<Name extends OrderActionName = OrderActionName> {
  readonly sources: Sources;
  readonly orderId: string;
  readonly name: Name;
  /** What is done, or how to find it out, once it is known that the order takes actions. */
  readonly action: OrderActions[Name] | (() => Promise<OrderActions[Name]>);
  /** Under the same id the same thing is done once, also when it is asked again after the order has ended. */
  readonly updateId: string;
  readonly deadlineMs: number;
}

/**
 * Asks the order's mediator to act, and resolves when the decision is recorded. Throws `AppError` when there is no such order, when the action
 * does not fit its state (nothing has changed then), or when there is no answer in time.
 */
export async function actOnOrder<Name extends OrderActionName>(acting: ActingOnOrder<Name>): Promise<ActionTaken> {
  const deadline = Date.now() + acting.deadlineMs;
  const kept = await keptOrder(acting.sources.prisma, acting.orderId);
  const before = await takenBefore(acting, kept);
  if (before) return before;
  if (hasEnded(kept)) throw hasEndedAs(kept);
  try {
    const action = typeof acting.action === 'function' ? await acting.action() : acting.action;
    return await askUntil(deadline, { ...acting, action }, kept.workflowId);
  } catch (error) {
    throw await actingTrouble(error, acting);
  }
}

/** The answer of an action that the mediator store has already, once the order has ended: its mediator may be gone. */
async function takenBefore({ sources, orderId, name, updateId }: ActingOnOrder, kept: OrderRecord) {
  const recorded = (await actionsOf(sources.prisma, orderId)).find(({ actionId }) => actionId === updateId);
  if (recorded && recorded.action !== name) {
    const message = `Update id ${updateId} was used to ${recorded.action} already; choose another, or leave it out to get a new one.`;
    throw new AppError('request-id-taken', message);
  }
  return recorded && hasEnded(kept) ? { orderId, state: kept.state, holds: kept.holds } : undefined;
}

/** An action that is at hand. */
interface Asking extends Omit<ActingOnOrder, 'action'> {
  readonly action: OrderActions[OrderActionName];
}

async function askUntil(deadline: number, acting: Asking, workflowId: string): Promise<ActionTaken> {
  try {
    return await ask(deadline, acting, workflowId);
  } catch (error) {
    if (!notReadyYet(error) || Date.now() + aMoment > deadline) throw error;
    await sleep(aMoment);
    return askUntil(deadline, acting, workflowId);
  }
}

const aMoment = 250;

function ask(deadline: number, { sources, name, action, updateId }: Asking, workflowId: string): Promise<ActionTaken> {
  const { client } = sources;
  return client.withDeadline(deadline, () =>
    client.workflow
      .getHandle(workflowId)
      .executeUpdate<ActionTaken, [OrderActions[OrderActionName]]>(name, { updateId, args: [action] }),
  );
}
