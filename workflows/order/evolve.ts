import type { CommandName } from '../../contracts/command-routes.ts';
import type { OpenHold, RecoveredOrder } from '../../contracts/mediators/order-records.ts';
import {
  afterDeadline,
  approval,
  approvalHold,
  approvalWaited,
  compensationHold,
  addHold,
  holdAfter,
  holdAt,
  isOfSuspicion,
  removeHold,
  needsApproval,
  raiseRound,
  recoveredApprovals,
  recoveredHold,
  recoveredHoldsAt,
  resume,
  shownCompensation,
  suspect,
} from './hold-rules.ts';
import type { OrderEvent, OrderEvents } from './events.ts';
import { neededAnswer, compensations, waitingHolds, type Compensation, type Order, type Resumption } from './state.ts';

/** The order after an event. Pure: the same order and event always give the same. */
export const evolve = (order: Order, event: OrderEvent): Order =>
  (evolvers[event.type] as (order: Order, event: OrderEvent) => Order)(order, event);

const evolvers: { readonly [Type in keyof OrderEvents]: (order: Order, event: OrderEvents[Type]) => Order } = {
  received: (order, { orderId, recovered }) => {
    const received = { ...order, orderId };
    return recovered ? recover(received, recovered) : received;
  },
  'step-begun': (order, { step }) => ({ ...order, step }),
  'command-begun': (order, { command }) => beginCommand(order, command),
  answered: (order, { answers }) => ({
    ...order,
    answers: { ...order.answers, ...answers },
    isStockReady: order.isStockReady && !answers.stock,
  }),
  'command-failed': (order, failed) => {
    const held = holdAfter(order, failed);
    if (held) return waitFor(order, held.hold);
    return failed.command === 'create-order' ? order : giveUp(order, failed.failure.message);
  },
  'command-over': (order, { requestId }) => recoveredHoldsAt(order, requestId).reduce(forget, order),
  suspected: suspect,
  'approval-wanted': (order, { at }) => addHold(order, approvalHold(order, at).hold),
  'approval-unneeded': (order) => recoveredApprovals(order).reduce(forget, order),
  'hold-written': (order) => order,
  'reminder-due': (order) => order,
  'deadline-passed': (order, { hold: passed }) => {
    if (order.resumptions[passed.holdId]) return order;
    const next = afterDeadline(passed);
    return next === 'skip' ? resume(order, passed, { how: 'skip', by: 'deadline' }) : giveUp(order, next.reason);
  },
  'hold-over': (order, { hold: left }) => removeHold(order, left),
  approved: (order) => {
    const approved = { ...order, ...approval(order) };
    return resumeIf(approved, approvalWaited(order), { how: 'done', by: 'approve' });
  },
  'card-given': (order, { card }) => {
    const given = { ...order, event: { ...order.event, card } };
    return resumeIf(given, holdAt(order, 'apply-payment'), { how: 'anew', by: 'pay' });
  },
  retried: (order) =>
    waitingHolds(order)
      .filter(({ reason }) => reason !== 'approval')
      .reduce((next, held) => resume(next, held, { how: 'again', by: 'retry' }), order),
  skipped: (order, { command }) => resumeIf(order, holdAt(order, command), { how: 'skip', by: 'skip' }),
  'cancel-taken': (order, { why }) => giveUp(order, why),
  'cancel-recorded': (order) => ({ ...order, cancelled: order.cancelled && { ...order.cancelled, isRecorded: true } }),
  'given-up': (order, { reason, isRecorded }) => giveUp(order, reason, isRecorded),
  'stock-allocated': (order) => {
    const held = holdAt(order, 'adjust-inventory');
    return held?.reason === 'stock'
      ? resume(order, held, { how: 'again', by: 'delivery' })
      : { ...order, isStockReady: true };
  },
  'amendment-begun': (order, { amendment: { lines }, isRecovered }) => {
    const begun = { ...order, isBeingAmended: true };
    if (!lines) return begun;
    // An order that waits for its approval has not taken any stock yet.
    const listed = listCompensation(begun, 'release-inventory');
    return isRecovered ? listed : raiseRound(listed, 'adjust-inventory');
  },
  amended: (order, amended) => resumeAmended(applyAmendment(order, amended), amended, order),
  'amendment-refused': (order, { inventoryDiffers }) => {
    const raised = raiseRound(order, 'adjust-inventory');
    if (!inventoryDiffers) return raised;
    const differing = { ...raised, answers: { ...raised.answers, stockFor: undefined } };
    return resumeIf(differing, holdAt(order, 'adjust-inventory'), { how: 'anew', by: 'amend' });
  },
  'amendment-over': (order) => ({ ...order, isBeingAmended: false }),
  'compensation-begun': (order) => ({ ...order, holds: [], resumptions: {} }),
  'compensation-called': (order, { requestId }) => {
    const recovered = recoveredHold(order, requestId, 'compensation');
    return recovered ? addHold(order, recovered) : order;
  },
  'compensation-failed': (order, failed) =>
    shownCompensation(order, failed.requestId) ? order : addHold(order, compensationHold(order, failed).hold),
  'compensation-done': (order, { requestId }) => {
    const shown = shownCompensation(order, requestId);
    return shown ? removeHold(order, shown) : order;
  },
  ending: (order) => ({ ...order, isEnding: true }),
  ended: (order, { outcome, reason }) => ({ ...order, isEnding: true, ended: { outcome, reason } }),
  'steps-logged': (order, { steps }) => ({ ...order, steps }),
  noted: (order, { sentence }) => ({ ...order, notes: [...order.notes, sentence] }),
};

/**
 * Everything an earlier workflow did is answered again, under the round it had come to; all of it can be taken back.
 */
function recover(order: Order, recovered: RecoveredOrder): Order {
  const { event, amendments, rounds, policy, approved, holds, amendment } = recovered;
  const next: Order = {
    ...order,
    event,
    amendments,
    rounds,
    policy,
    approvedUpTo: approved ?? 0,
    suspected: order.suspected ?? holds.find(isOfSuspicion)?.message ?? null,
    recoveredHolds: holds,
    compensations,
  };
  // Only a new round tells whether stock was put aside meanwhile: the old one has its answer.
  const waitsForStock = holds.some(({ reason }) => reason === 'stock');
  return !amendment && waitsForStock ? raiseRound(next, 'adjust-inventory') : next;
}

const compensationOf: { readonly [Name in CommandName]?: Compensation } = {
  'create-order': 'cancel-order',
  'apply-payment': 'refund-payment',
  'adjust-inventory': 'release-inventory',
  'fulfill-order': 'unpack-order',
  'ship-order': 'recall-shipment',
};

function beginCommand(order: Order, command: CommandName): Order {
  const compensation = compensationOf[command];
  const listed = compensation ? listCompensation(order, compensation) : order;
  const { paid, stock } = order.answers;
  const wasAnswered = (command === 'apply-payment' && paid) || (command === 'adjust-inventory' && stock);
  return wasAnswered ? raiseRound(listed, command) : listed;
}

const listCompensation = (order: Order, compensation: Compensation): Order =>
  order.compensations.includes(compensation)
    ? order
    : { ...order, compensations: [...order.compensations, compensation] };

/** Inventory may have told that everything is put aside before the order waited for it. */
function waitFor(order: Order, held: OpenHold): Order {
  const holding = addHold(order, held);
  if (held.reason !== 'stock' || !order.isStockReady) return holding;
  return resume({ ...holding, isStockReady: false }, held, { how: 'again', by: 'delivery' });
}

/** The first reason stands, and an order that is ending cannot be given up any more. */
const giveUp = (order: Order, reason: string, isRecorded = false): Order =>
  order.cancelled || order.isEnding ? order : { ...order, cancelled: { reason, isRecorded } };

const forget = (order: Order, recovered: OpenHold | undefined): Order => ({
  ...order,
  recoveredHolds: order.recoveredHolds.filter((held) => held !== recovered),
});

const resumeIf = (order: Order, held: OpenHold | undefined, resumption: Resumption): Order =>
  held ? resume(order, held, resumption) : order;

function applyAmendment(order: Order, { event, priced, stock }: OrderEvents['amended']): Order {
  const { lines, shipping, total } = priced;
  const created = { ...neededAnswer(order, 'created'), lines, shipping, total };
  const taken = stock ? { stock, stockFor: event.lines } : {};
  return { ...order, event, amendments: order.amendments + 1, answers: { ...order.answers, created, ...taken } };
}

/**
 * A hold resumes where the amendment has changed its content. A declined card does not get better by it: the payment
 * waits on, for the new amount and under another round (an attempt that failed may have charged the old one), unless
 * enough is paid already.
 */
function resumeAmended(order: Order, { amendment: { lines, shipTo } }: OrderEvents['amended'], before: Order): Order {
  const by = 'amend';
  const { total } = neededAnswer(order, 'created');
  const payment = holdAt(before, 'apply-payment');
  const isPaid = (order.answers.paid?.amount.amount ?? -1) >= total.amount;
  const hasOtherPrice = total.amount !== neededAnswer(before, 'created').total.amount;
  let next = needsApproval(order) ? order : resumeIf(order, approvalWaited(before), { how: 'done', by });
  if (payment && isPaid) next = resume(next, payment, { how: 'anew', by });
  else if (payment && hasOtherPrice) next = raiseRound(next, 'apply-payment');
  if (lines) next = resumeIf(next, holdAt(before, 'adjust-inventory'), { how: 'done', by });
  if (lines) next = resumeIf(next, holdAt(before, 'fulfill-order'), { how: 'anew', by });
  return shipTo ? resumeIf(next, holdAt(before, 'ship-order'), { how: 'anew', by }) : next;
}
