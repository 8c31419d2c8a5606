import { allHandlersFinished, condition } from '@temporalio/workflow';
import type { OrderOutcome, OrderOutcomeName } from '../../contracts/mediators/order-mediator.ts';
import { compensateSteps } from './compensation.ts';
import { orderRef } from './execute.ts';
import type { OpenOrder } from './order.ts';
import { orderIdOf, progressOf } from './state.ts';

/**
 * Ends an order whose five steps are done. It may be cancelled until its last record is written: then `OrderEnds` is
 * thrown.
 */
export async function complete(order: OpenOrder): Promise<OrderOutcome> {
  await order.background.finished();
  order.check();
  return finish(order, 'completed');
}

/** Takes everything back, and ends the order as cancelled. */
export async function compensate(order: OpenOrder): Promise<OrderOutcome> {
  await compensateSteps(order);
  await order.background.finished();
  return finish(order, 'cancelled');
}

/** The last record: it marks the flow complete and removes its working state. */
async function finish(order: OpenOrder, outcome: OrderOutcomeName): Promise<OrderOutcome> {
  order.apply({ type: 'ending' });
  await condition(allHandlersFinished); // the last record is written alone
  const { reason, total, steps } = progressOf(order.state);
  await order.records.finishOrder({ ...orderRef(order.state), outcome, reason, total, steps });
  return endAs(order, outcome, reason);
}

/** Shows how the order ended, without a record. */
export function endAs(order: OpenOrder, outcome: OrderOutcomeName, reason: string | null): OrderOutcome {
  order.apply({ type: 'ended', outcome, reason });
  return { orderId: orderIdOf(order.state), outcome, reason };
}
