import type { ApplicationFailure } from '@temporalio/workflow';
import type { OrderOutcome, StartOrder } from '../../contracts/mediators/order-mediator.ts';
import { toTheEnd } from '../kit/to-the-end.ts';
import { acceptOrderActions } from './actions.ts';
import { chargeAndReserve, emailCustomer, fulfillOrder, orderStock, shipOrder } from './commands.ts';
import { openAndCreate } from './create.ts';
import { compensate, complete } from './finish.ts';
import { firstApproval } from './hold.ts';
import { OpenOrder, OrderEnds } from './order.ts';

/**
 * The mediator of one order: takes it through its five steps, holds it where people can help, and takes everything back
 * where they cannot or when it is cancelled. Ends Completed with the outcome, or Failed when the request was refused
 * before anything was stored.
 */
export function orderMediator(start: StartOrder): Promise<OrderOutcome> {
  // A charge under way must never be abandoned: Temporal's own cancel is a decision like the operator's, and nothing in
  // here is cut off.
  return toTheEnd((cancelRequested) => {
    const order = new OpenOrder(start);
    acceptOrderActions(order, cancelRequested);
    return mediate(order);
  });
}

async function mediate(order: OpenOrder): Promise<OrderOutcome | ApplicationFailure> {
  const created = await openAndCreate(order); // step 1: create-order
  if (created !== 'created') return created;
  try {
    order.check();
    await firstApproval(order);
    await order.step(2, [() => emailCustomer(order, 'confirmation'), () => chargeAndReserve(order)]);
    await chargeAndReserve(order); // an amendment may have come while the mail was held
    await order.step(3, [() => fulfillOrder(order), () => orderStock(order)]);
    await chargeAndReserve(order);
    await order.step(4, [() => shipOrder(order), () => emailCustomer(order, 'ready-to-ship')]);
    await order.step(5, [() => emailCustomer(order, 'shipped')]);
    return await complete(order);
  } catch (error) {
    if (!(error instanceof OrderEnds)) throw error; // a bug: the workflow task waits for fixed code
    return compensate(order);
  }
}
