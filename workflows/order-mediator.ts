import { allHandlersFinished, ApplicationFailure, CancellationScope, condition } from '@temporalio/workflow';
import type { OrderOutcome, StartOrder } from '../contracts/order-mediator.ts';
import { all, refusalOf } from './ask.ts';
import { adjustInventory, applyPayment, emailCustomer, fulfillOrder, orderStock, shipOrder } from './order/commands.ts';
import { admit, finish, undo } from './order/lifecycle.ts';
import { openOrder, type Order } from './order/order.ts';

/**
 * The mediator of one order: takes it through its five steps, and takes everything back when a processor refuses.
 * Ends Completed with the outcome, or Failed when the request was refused before anything was stored.
 */
export function orderMediator(start: StartOrder): Promise<OrderOutcome> {
  const order = openOrder(start);
  // A charge under way must never be abandoned, so Temporal's own cancel does not reach in here.
  return CancellationScope.nonCancellable(() => mediateToTheEnd(order));
}

/** Ends only when whoever placed the order has been answered. */
async function mediateToTheEnd(order: Order): Promise<OrderOutcome> {
  const outcome = await mediate(order);
  await condition(allHandlersFinished);
  if (outcome instanceof ApplicationFailure) throw outcome;
  return outcome;
}

async function mediate(order: Order): Promise<OrderOutcome | ApplicationFailure> {
  const admission = await admit(order); // step 1: create-order
  if (admission !== 'new') return admission;
  try {
    order.file.enter(2);
    await all([emailCustomer(order, 'confirmation'), applyPayment(order), adjustInventory(order)]);
    order.file.enter(3);
    await all([fulfillOrder(order), orderStock(order)]);
    order.file.enter(4);
    await all([shipOrder(order), emailCustomer(order, 'ready-to-ship')]);
    order.file.enter(5);
    await emailCustomer(order, 'shipped');
    return await finish(order, 'completed');
  } catch (error) {
    return undo(order, refusalOf(error));
  }
}
