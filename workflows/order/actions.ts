import { CancellationScope, condition, defineSignal, setHandler, workflowInfo } from '@temporalio/workflow';
import { commandRequestId } from '../../contracts/ids.ts';
import type { ActionRecorded } from '../../contracts/mediators/order-records.ts';
import type {
  ActionTaken,
  Approve,
  Cancel,
  OrderActions,
  Pay,
  Retry,
  Skip,
} from '../../contracts/mediators/order-actions.ts';
import { orderMediator } from '../../contracts/mediators/order-mediator.ts';
import { callProcessor, failureOf } from '../kit/call.ts';
import { acceptActions } from '../kit/updates.ts';
import { whatIsWrong } from './action-input.ts';
import { mustFit, refused, whyNotNow } from './action-rules.ts';
import { amend } from './amend.ts';
import type { Release } from './holds.ts';
import { resume } from './resume.ts';
import { answerOf, type Order } from './order.ts';
import { recordAction } from './records.ts';

/**
 * Takes what people do to the order: updates, checked before they are accepted, and Temporal's own cancel, which counts as an operator's.
 * A handler answers when the decision is recorded; what follows from it happens in the order's own time.
 */
export function takeActions(order: Order, cancelRequested: Promise<never>): void {
  acceptActions<OrderActions, ActionTaken>({
    handlers: {
      approve: (input) => taken(order, approve(order, input)),
      pay: (input) => taken(order, pay(order, input)),
      amend: (input) => taken(order, amend(order, input)),
      retry: (input) => taken(order, retry(order, input)),
      skip: (input) => taken(order, skip(order, input)),
      cancel: (input) => taken(order, cancel(order, input)),
    },
    whyNot: (name, input) => whatIsWrong(name, input) ?? whyNotNow(order, name, input),
    refuse: (why) => refused(order, why),
  });
  setHandler(defineSignal(orderMediator.stockAllocatedSignal), () => stockAllocated(order));
  cancelRequested.catch(() => order.background.start(() => cancelledInTemporal(order)));
}

async function taken({ progress: file, holds }: Order, recorded: Promise<void>): Promise<ActionTaken> {
  await recorded;
  return { orderId: file.orderId(), state: file.progress.state, holds: holds.open };
}

/** What it comes to now is approved, and nothing above: an amendment that raises it has to be approved again. */
async function approve(order: Order, { actor }: Approve): Promise<void> {
  const { total } = answerOf(order, 'created');
  order.approvedUpTo = total.amount;
  const hold = order.holds.approval;
  if (hold) resume(order, hold, { how: 'settled', by: 'approve' });
  await record(order, { action: 'approve', actor, details: { total } });
}

async function pay(order: Order, { card, actor }: Pay): Promise<void> {
  await mustBeKnown(order, card);
  mustFit(order, 'pay', actor); // the order may have moved on while the gateway was asked
  order.event = { ...order.event, card };
  release(order, 'apply-payment', { how: 'anew', by: 'pay' });
  await record(order, { action: 'pay', actor, details: {}, event: order.event });
}

/** Asks the gateway, a few times at most: whoever pays is waiting. */
async function mustBeKnown(order: Order, card: string): Promise<void> {
  const orderId = order.progress.orderId();
  const requestId = commandRequestId(orderId, 'check-card', order.rounds.of('apply-payment'));
  try {
    await callProcessor(
      'check-card',
      { orderId, requestId, card },
      { summary: 'is the card known', retryFor: '8 seconds' },
    );
  } catch (error) {
    const trouble = failureOf(error);
    throw refused(
      order,
      trouble.kind === 'refusal' ? trouble.message : 'The card could not be checked now; ask again in a moment.',
    );
  }
}

async function retry(order: Order, { actor }: Retry): Promise<void> {
  const held = order.holds.open.filter(({ reason }) => reason !== 'approval');
  const commands = held.map(({ command }) => command);
  for (const hold of held) resume(order, hold, { how: 'again', by: 'retry' });
  await record(order, { action: 'retry', actor, details: { commands } });
}

async function skip(order: Order, { command, actor }: Skip): Promise<void> {
  release(order, command, { how: 'skip', by: 'skip' });
  await record(order, { action: 'skip', actor, details: { command } });
}

/** While the parcel is being handed over, the carrier's answer decides over a customer's cancel. */
async function cancel(order: Order, { actor, reason }: Cancel): Promise<void> {
  if (actor === null || actor === undefined) await condition(() => !order.progress.isUnderWay('ship-order'));
  mustFit(order, 'cancel', actor ?? null);
  const because = reason ? `: ${reason.replace(/[.!]?$/, '.')}` : '.';
  await decide(
    order,
    actor ? `The shop cancelled it${because}` : 'The customer cancelled it.',
    actor ?? null,
    reason ?? null,
  );
}

/** Temporal tells nobody's name. */
async function cancelledInTemporal(order: Order): Promise<void> {
  const { cancellation: verdict, progress: file } = order;
  if (verdict.isClosed || verdict.reason !== undefined) {
    return file.note('A cancel from Temporal came too late: the order was ending or being undone already.');
  }
  await decide(order, 'The shop cancelled it.', 'Temporal', null);
}

/** Cancelled twice, or while it is being undone, is cancelled once: the first reason stands. Who asked is kept each time. */
async function decide(order: Order, why: string, actor: string | null, reason: string | null): Promise<void> {
  const { cancellation: verdict } = order;
  const isFirst = verdict.reason === undefined;
  verdict.decide(why);
  if (isFirst) order.progress.become('compensating', why);
  if (!order.progress.progress.orderId) return; // the mediator store does not know the order yet; its compensation will tell it
  const details = reason ? { reason } : {};
  const compensating = isFirst ? { compensating: why } : {};
  const { first } = await record(order, { action: 'cancel', actor, details, ...compensating });
  if (isFirst && first) verdict.noteRecorded();
}

/** In the midst of an amendment inventory must not be asked: the amendment asks it. */
async function stockAllocated(order: Order): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    while (order.isBeingAmended) await condition(() => !order.isBeingAmended);
    const hold = order.holds.of('adjust-inventory');
    if (hold?.reason === 'stock') resume(order, hold, { how: 'again', by: 'delivery' });
    else order.wasToldOfStock = true;
  });
}

function release(order: Order, command: Skip['command'], how: Release): void {
  const hold = order.holds.of(command);
  if (!hold) throw refused(order, `The order does not wait at ${command} any more.`);
  resume(order, hold, how);
}

/** Temporal's cancel has no update, and comes once. */
const record = (order: Order, action: Parameters<typeof recordAction>[1]): Promise<ActionRecorded> =>
  recordAction(order, action, `cancel/${workflowInfo().runId}`);
