import { workflowInfo, type ApplicationFailure } from '@temporalio/workflow';
import { commandRequestId } from '../../contracts/ids.ts';
import type { RecoveredOrder, StoredOrder } from '../../contracts/mediators/order-records.ts';
import type { OrderOutcome, OrderOutcomeName } from '../../contracts/mediators/order-mediator.ts';
import { refusalOf, type Refusal } from '../kit/call.ts';
import { refuseEvent } from '../kit/queued-event.ts';
import { RequestRefused } from './carry-out.ts';
import { createOrder } from './commands.ts';
import { finishAmendment } from './amend.ts';
import { answerOf, type Order } from './order.ts';
import { about } from './records.ts';
import { listEveryCompensation, mailCancellation } from './compensation.ts';
import { OrderEnds } from './cancellation.ts';

/**
 * Step 1: opens the order's row, creates the order and answers whoever placed it. Anything but `admitted` ends the flow:
 * the outcome of an order that was finished before, or the failure of a request that was refused and left nothing behind.
 */
export async function admit(order: Order): Promise<'admitted' | OrderOutcome | ApplicationFailure> {
  const { workflowId } = workflowInfo();
  const standing = await receive(order, workflowId);
  if (!('orderId' in standing)) return refuse(order, standing);
  const { orderId, finished, recovered } = standing;
  order.progress.number(orderId);
  if (finished) {
    order.reply.accept(orderId);
    return endAsBefore(order, finished.outcome, finished.reason);
  }
  const refused = await create(order, recovered ?? undefined);
  if (refused) return refuse(order, refused);
  order.reply.accept(orderId);
  return 'admitted';
}

async function receive(order: Order, workflowId: string): Promise<StoredOrder | Refusal> {
  try {
    return await order.records.receiveOrder({ ...order.start, workflowId });
  } catch (error) {
    return refusalOf(error);
  }
}

/** Asks `create-order`; a refusal comes back, and so does what an earlier workflow of this order had come to. */
async function create(order: Order, recovered: RecoveredOrder | undefined): Promise<Refusal | undefined> {
  order.progress.enter(1);
  if (recovered) beginToCarryOn(order, recovered);
  try {
    await createOrder(order);
    if (recovered) await takeUpAmendments(order, recovered);
  } catch (error) {
    if (error instanceof OrderEnds) return undefined;
    if (!(error instanceof RequestRefused)) throw error;
    if (error.refusal.type !== 'AlreadyUndone') return error.refusal;
    order.cancellation.decide(recovered?.compensating ?? error.message);
  }
  if (recovered?.compensating) order.cancellation.decide(recovered.compensating, 'recorded');
  return undefined;
}

/** Whatever an earlier workflow has done is answered again, under the round it had come to; all of it can be taken back. */
function beginToCarryOn(order: Order, recovered: RecoveredOrder): void {
  order.recovered = recovered;
  order.policy = recovered.policy ?? order.policy;
  order.event = recovered.event;
  order.amendments = recovered.amendments;
  order.approvedUpTo = recovered.approved ?? 0;
  order.rounds.carryOn(recovered.rounds);
  // Whether stock was put aside meanwhile only a new round tells: the old one has its answer.
  if (!recovered.amendment && recovered.holds.some(({ reason }) => reason === 'stock')) {
    order.rounds.raise('adjust-inventory');
  }
  listEveryCompensation(order);
}

/** The amended lines and prices are in the answer to the last amendment; one that had begun is finished. */
async function takeUpAmendments(order: Order, recovered: RecoveredOrder): Promise<void> {
  const { amendments, amendment, compensating } = recovered;
  if (amendments > 0) await takeUpPrices(order, recovered);
  if (!amendment || compensating !== null || order.cancellation.reason !== undefined) return;
  const why = await finishAmendment(order, amendment);
  if (why !== undefined) order.progress.note(`An amendment that had begun came to nothing: ${why}`);
}

async function takeUpPrices(order: Order, { amendments, compensating }: RecoveredOrder): Promise<void> {
  const { progress: file, event, answers } = order;
  const created = answerOf(order, 'created');
  const orderId = file.orderId();
  const requestId = commandRequestId(orderId, 'amend-order', amendments);
  const command = { orderId, requestId, lines: event.lines, shipTo: event.shipTo };
  const answer = await file.ask({ name: 'amend-order', command, summary: 'take up what was amended' });
  if ('failure' in answer) return order.cancellation.decide(compensating ?? answer.failure.message);
  const { lines, shipping, total } = answer.acknowledgement;
  answers.created = { ...created, lines, shipping, total };
  file.price(total);
}

/** The last record: it marks the flow complete and removes its working state. An order may be cancelled until then. */
export async function finish(order: Order, outcome: OrderOutcomeName): Promise<OrderOutcome> {
  await order.background.finished();
  if (outcome === 'completed') order.cancellation.check();
  order.cancellation.close();
  const { reason, total, steps } = order.progress.progress;
  await order.records.finishOrder({ ...about(order), outcome, reason, total, steps });
  return endAsBefore(order, outcome, reason);
}

/** Takes back what was done, newest first, and tells the customer why. */
export async function compensate(order: Order, reason: string): Promise<OrderOutcome> {
  if (order.progress.progress.state !== 'compensating') order.progress.become('compensating', reason);
  order.holds.clear();
  if (!order.cancellation.isRecorded) await order.records.compensateOrder({ ...about(order), reason });
  await order.compensations.runAll();
  await mailCancellation(order);
  return finish(order, 'cancelled');
}

function endAsBefore(order: Order, outcome: OrderOutcomeName, reason: string | null): OrderOutcome {
  order.cancellation.close();
  order.progress.become(outcome, reason);
  return { orderId: order.progress.orderId(), outcome, reason };
}

async function refuse(order: Order, refusal: Refusal): Promise<ApplicationFailure> {
  const { event, bodyHash, origin } = order.start;
  const { requestId } = event;
  order.cancellation.close();
  // Also when the client was first: a queued event may ask for the same.
  const refused = { workflowId: workflowInfo().workflowId, bodyHash, message: refusal.message };
  if (origin) await refuseEvent(order.records, refused);
  // A row that was opened with another body is not ours to remove.
  if (refusal.type !== 'RequestIdTaken') await order.records.withdrawOrder({ requestId });
  if (origin) await refuseEvent(order.records, refused);
  return order.reply.refuse(refusal);
}
