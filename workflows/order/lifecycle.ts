import { workflowInfo, type ApplicationFailure } from '@temporalio/workflow';
import type { OrderOutcome, OrderOutcomeName } from '../../contracts/order-mediator.ts';
import { refusalOf, type Refusal } from '../ask.ts';
import { ledger } from '../ledger.ts';
import { createOrder, emailCustomer } from './commands.ts';
import type { Order } from './order.ts';

/**
 * Step 1: opens the ledger row, creates the order and answers whoever placed it. Anything but `new` ends the flow:
 * the outcome of an order that was finished before, or the failure of a request that was refused and left nothing behind.
 */
export async function admit(order: Order): Promise<'new' | OrderOutcome | ApplicationFailure> {
  try {
    const { workflowId } = workflowInfo();
    const { orderId, finished } = await ledger.receiveOrder({ ...order.start, workflowId });
    order.file.number(orderId);
    if (!finished) {
      order.file.enter(1);
      await createOrder(order);
    }
    order.reply.accept(orderId);
    return finished ? endAsBefore(order, finished.outcome, finished.reason) : 'new';
  } catch (error) {
    return refuse(order, refusalOf(error));
  }
}

/** The last ledger write: it marks the flow complete and removes its working state. */
export async function finish(order: Order, outcome: OrderOutcomeName): Promise<OrderOutcome> {
  const { requestId, reason, total, steps } = order.file.progress;
  if (!total) throw new Error('An order cannot finish before it has its price.');
  await ledger.finishOrder({ requestId, orderId: order.file.orderId(), outcome, reason, total, steps });
  return endAsBefore(order, outcome, reason);
}

/** Takes back what was done, newest first, and tells the customer why. */
export async function undo(order: Order, refusal: Refusal): Promise<OrderOutcome> {
  const { requestId } = order.start.event;
  order.file.become('undoing', refusal.message);
  await ledger.undoOrder({ requestId, orderId: order.file.orderId(), reason: refusal.message });
  await order.undos.runAll();
  await emailCustomer(order, 'cancelled');
  return finish(order, 'cancelled');
}

function endAsBefore(order: Order, outcome: OrderOutcomeName, reason: string | null): OrderOutcome {
  order.file.become(outcome, reason);
  return { orderId: order.file.orderId(), outcome, reason };
}

async function refuse(order: Order, refusal: Refusal): Promise<ApplicationFailure> {
  const { requestId } = order.start.event;
  // A row that was opened with another body is not ours to remove.
  if (refusal.type !== 'RequestIdTaken') await ledger.withdrawOrder({ requestId });
  return order.reply.refuse(refusal);
}
