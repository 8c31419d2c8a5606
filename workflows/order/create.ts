import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineUpdate,
  log,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Refusal } from '../../contracts/failures.ts';
import { eventRequestId } from '../../contracts/ids.ts';
import type { EventOrigin } from '../../contracts/initiating-event.ts';
import { orderMediator, type OrderOutcome, type Placed } from '../../contracts/mediators/order-mediator.ts';
import type { RecoveredOrder, StoredOrder } from '../../contracts/mediators/order-records.ts';
import { callOnce, refusalOf } from '../kit/call.ts';
import { refuseEvent } from '../kit/queued-event.ts';
import { now } from '../kit/steps.ts';
import { busyFailure } from '../kit/updates.ts';
import { amend, callAmendOrder } from './amend.ts';
import { createOrder } from './commands.ts';
import { endAs } from './finish.ts';
import { RequestRefused } from './hold.ts';
import { OrderEnds, type OpenOrder } from './order.ts';
import { neededAnswer } from './state.ts';

/**
 * Step 1: opens the order's row, creates the order, and answers the client that placed it. Anything but `created` ends
 * the flow: the outcome of an order that was finished before, or the failure of a request that was refused and left
 * nothing behind.
 */
export async function openAndCreate(order: OpenOrder): Promise<'created' | OrderOutcome | ApplicationFailure> {
  const reply = openPlaceReply(order);
  const stored = await openRow(order);
  if (!('orderId' in stored)) return reply.refuse(await withdraw(order, stored));
  const { orderId, finished, recovered } = stored;
  order.apply({ type: 'received', orderId, recovered });
  if (finished) {
    reply.accept(orderId);
    return endAs(order, finished.outcome, finished.reason);
  }
  const refusal = await create(order, recovered);
  if (refusal) return reply.refuse(await withdraw(order, refusal));
  reply.accept(orderId);
  return 'created';
}

/** An order whose customer is busy waits for its turn: a refusal would be the update's answer for good. */
async function openRow(order: OpenOrder): Promise<StoredOrder | Refusal> {
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, 10_000)) {
    const stored = await openOnce(order);
    if ('orderId' in stored || stored.type !== 'CustomerBusy') return stored;
    order.apply({ type: 'noted', sentence: stored.message });
    await sleep(pauseMs);
  }
}

async function openOnce({ records, start, lane }: OpenOrder): Promise<StoredOrder | Refusal> {
  const { workflowId } = workflowInfo();
  const askedAt = now();
  try {
    const stored = await records.receiveOrder({ ...start, workflowId });
    if (stored.firstStep) lane.takeDone(stored.firstStep, askedAt);
    return stored;
  } catch (error) {
    return refusalOf(error);
  }
}

/** Calls `create-order`, and takes up the order where an earlier workflow of it had come to. */
async function create(order: OpenOrder, recovered: RecoveredOrder | null): Promise<Refusal | undefined> {
  if (recovered) order.lane.leave();
  try {
    await order.step(1, [() => createOrder(order)]);
    if (recovered) await recoverAmendments(order, recovered);
  } catch (error) {
    if (error instanceof OrderEnds) return undefined;
    if (!(error instanceof RequestRefused)) throw error;
    if (error.refusal.type !== 'AlreadyUndone') return error.refusal;
    order.apply({ type: 'given-up', reason: recovered?.compensating ?? error.message });
  }
  if (recovered?.compensating) order.apply({ type: 'given-up', reason: recovered.compensating, isRecorded: true });
  return undefined;
}

/** The amended lines and prices are in the answer to the last amendment; one that had begun is finished. */
async function recoverAmendments(order: OpenOrder, recovered: RecoveredOrder): Promise<void> {
  const { amendments, amendment, compensating } = recovered;
  if (amendments > 0) await recoverPrices(order, recovered);
  if (!amendment || compensating !== null || order.state.cancelled) return;
  const why = await amend(order, amendment, true);
  if (why === undefined) return;
  order.apply({ type: 'noted', sentence: `An amendment that had begun came to nothing: ${why}` });
}

async function recoverPrices(order: OpenOrder, { amendments, compensating, event }: RecoveredOrder): Promise<void> {
  const answer = await callAmendOrder(order, event, amendments, 'recover the amended prices');
  if ('failure' in answer) {
    order.apply({ type: 'given-up', reason: compensating ?? answer.failure.message });
    return;
  }
  const { lines, shipping, total } = answer.acknowledgement;
  const created = { ...neededAnswer(order.state, 'created'), lines, shipping, total };
  order.apply({ type: 'answered', answers: { created } });
}

/** Leaves nothing behind, so that the request may come again, corrected. */
async function withdraw(order: OpenOrder, refusal: Refusal): Promise<Refusal> {
  const { event, bodyHash, origin } = order.start;
  order.apply({ type: 'ending' });
  // Also when the client was first: a queued event may ask for the same.
  const refused = { workflowId: workflowInfo().workflowId, bodyHash, refusal: refusal.type, message: refusal.message };
  if (origin) await refuseEvent(order.records, refused);
  // A row that was opened with another body is another request's.
  const told = origin?.via === 'queue' ? {} : { refused: { customerId: event.customerId, reason: refusal.type } };
  if (refusal.type !== 'RequestIdTaken') await order.records.withdrawOrder({ requestId: event.requestId, ...told });
  if (origin?.via === 'queue') await tellCustomer(order, origin, refusal);
  if (origin) await refuseEvent(order.records, refused);
  return refusal.type === 'UnknownTitle' ? withoutCustomer(refusal) : refusal;
}

/**
 * Nobody waits for the answer to a queued order, so that its customer gets a mail. The event, corrected, may come at
 * any moment and needs this flow to have ended: a mail that cannot be sent for a while is left out.
 */
async function tellCustomer(order: OpenOrder, origin: EventOrigin, refusal: Refusal): Promise<void> {
  const to = refusal.type === 'UnknownTitle' ? refusal.details[0]?.customer : undefined;
  if (!to) return;
  const requestId = eventRequestId(origin, 'email-customer');
  const { customerId } = order.start.event;
  const command = { requestId, kind: 'order-refused', customerId, to, reason: refusal.message } as const;
  const sent = await callOnce({
    name: 'email-customer',
    command,
    summary: 'mail: order-refused',
    retryFor: '30 seconds',
  });
  if ('failure' in sent)
    log.warn('the customer of a refused order was not told', { requestId, why: sent.failure.message });
}

/** The client that places an order knows the customer's id, and is told no more of the customer. */
function withoutCustomer({ details, ...refusal }: Extract<Refusal, { type: 'UnknownTitle' }>): Refusal {
  const [known] = details;
  if (!known) return { ...refusal, details };
  const { customer: _, ...told } = known;
  return { ...refusal, details: [told] };
}

const placeUpdate = defineUpdate<Placed, [bodyHash: string]>(orderMediator.placeUpdate);

/**
 * Answers the update `place` with the order id as soon as there is one. A request with another body than this order's
 * is refused at once, and is told nothing of this order. One that comes while the first or the last record is written
 * is to come again, as those are written alone; likewise one that comes while the compact lane is open.
 */
function openPlaceReply(order: OpenOrder) {
  const { bodyHash, event } = order.start;
  const { requestId } = event;
  let placed: Placed | undefined;
  let refused: ApplicationFailure | undefined;
  let isOpen = true; // for the update that came with the start
  const isBusy = (): boolean => !isOpen && (order.lane.isOpen || order.state.orderId === null || order.state.isEnding);
  const answer = async (): Promise<Placed> => {
    // A cancel of the workflow does not take the client its answer.
    await CancellationScope.nonCancellable(() => condition(() => Boolean(placed ?? refused)));
    if (!placed) throw refused;
    return placed;
  };
  const validator = (otherHash: string): void => {
    if (otherHash === bodyHash) {
      if (isBusy()) throw busyFailure();
      return;
    }
    const why = `Request id ${requestId} is already used by another order request. Choose another request id.`;
    throw ApplicationFailure.nonRetryable(why, 'RequestIdTaken', { requestId });
  };
  setHandler(placeUpdate, answer, { validator });
  isOpen = false;
  return {
    /** Step 1 is acknowledged: from here on the order is kept. */
    accept: (orderId: string): void => void (placed = { orderId }),
    /** Returns the failure that the workflow ends with. */
    refuse: ({ type, message, details }: Refusal): ApplicationFailure =>
      (refused = ApplicationFailure.nonRetryable(message, type, ...details)),
  };
}
