import type { ApplicationFailure } from '@temporalio/workflow';
import type { OrderOutcome, StartOrder } from '../../contracts/mediators/order-mediator.ts';
import { takeActions } from './actions.ts';
import { endCarriedApproval, needsApproval, waitForApproval } from './approval.ts';
import { emailCustomer, fulfillOrder, orderStock, settle, shipOrder } from './commands.ts';
import { admit, finish, compensate } from './lifecycle.ts';
import { openOrder, type Order } from './order.ts';
import { toTheEnd } from '../kit/to-the-end.ts';
import { all, OrderEnds } from './cancellation.ts';

/**
 * The mediator of one order: takes it through its five steps, holds it where somebody can help, and takes everything back where nobody can or
 * somebody cancels. Ends Completed with the outcome, or Failed when the request was refused before anything was stored.
 */
export function orderMediator(start: StartOrder): Promise<OrderOutcome> {
  return toTheEnd((cancelRequested) => {
    const order = openOrder(start);
    takeActions(order, cancelRequested);
    return mediate(order);
  });
}

async function mediate(order: Order): Promise<OrderOutcome | ApplicationFailure> {
  const admission = await admit(order); // step 1: create-order
  if (admission !== 'admitted') return admission;
  const { progress: file, cancellation: verdict } = order;
  try {
    verdict.check();
    if (needsApproval(order)) await waitForApproval(order);
    else if (order.recovered) await endCarriedApproval(order);
    file.enter(2);
    await all([emailCustomer(order, 'confirmation'), settle(order)]);
    await settle(order); // an amendment may have come while the mail was held
    file.enter(3);
    await all([fulfillOrder(order), orderStock(order)]);
    await settle(order);
    file.enter(4);
    await all([shipOrder(order), emailCustomer(order, 'ready-to-ship')]);
    file.enter(5);
    await emailCustomer(order, 'shipped');
    return await finish(order, 'completed');
  } catch (error) {
    if (!(error instanceof OrderEnds)) throw error;
    return compensate(order, error.message);
  }
}
