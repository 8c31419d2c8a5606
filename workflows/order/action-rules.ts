import { ApplicationFailure } from '@temporalio/workflow';
import { skippable } from '../../contracts/mediators/holds.ts';
import {
  actionRefused,
  howToReturn,
  orderActions,
  type ActionRefused,
  type Amend,
  type Approve,
  type OrderActionName,
} from '../../contracts/mediators/order-actions.ts';
import { formatMoney } from '../../contracts/money.ts';
import { answerOf, type Order } from './order.ts';

/* What people may do to an order, as its state allows it now. Every refusal says why, and what is possible. */

/** The refusal of an action: it changes nothing. */
export function refused(order: Order, why: string): ApplicationFailure {
  const { orderId, state } = order.progress.progress;
  const possible = possibleNow(order);
  const details: ActionRefused = { orderId, state, possible };
  const choice = possible.length > 0 ? `Possible now: ${possible.join(', ')}.` : 'Nothing can be done to it any more.';
  return ApplicationFailure.nonRetryable(`${why} ${choice}`, actionRefused, details);
}

/** Everything that would be taken now. */
const possibleNow = (order: Order): OrderActionName[] =>
  order.cancellation.reason !== undefined
    ? []
    : orderActions.filter((action) => whyNot[action](order, null) === undefined);

/** Throws the refusal of an action that does not fit the order's state. */
export function mustFit(order: Order, action: OrderActionName, actor: string | null): void {
  if (!order.progress.progress.orderId)
    throw refused(order, 'The order is only just being taken in; ask again in a moment.');
  const why = whyNot[action](order, actor);
  if (why !== undefined) throw refused(order, why);
}

/** Why an action cannot be taken now, as a sentence; undefined when it can. */
const whyNot: { readonly [Name in OrderActionName]: (order: Order, actor: string | null) => string | undefined } = {
  approve: (order) =>
    notWaiting(order) ?? (order.holds.approval ? undefined : `${nameOf(order)} does not wait for an approval.`),
  pay: (order) =>
    notWaiting(order) ??
    (order.holds.of('apply-payment') ? undefined : `${nameOf(order)} does not wait for its payment.`),
  amend: (order) =>
    notWaiting(order) ?? (mayAmendLines(order) || mayAmendAddress(order) ? undefined : settledOf(order)),
  retry: (order) =>
    notWaiting(order) ??
    (order.holds.open.some(({ reason }) => reason !== 'approval')
      ? undefined
      : `${nameOf(order)} waits for an approval: there is nothing to ask again.`),
  skip: (order) =>
    notWaiting(order) ??
    (order.holds.open.some(({ command }) => skippable.includes(command))
      ? undefined
      : `${nameOf(order)} waits at nothing that may be skipped (${skippable.join(', ')}).`),
  cancel: (order, actor) => whyNotCancel(order, actor),
};

function notWaiting(order: Order): string | undefined {
  const { cancellation: verdict, isBeingAmended, holds } = order;
  if (hasEnded(order)) return ended(order);
  if (verdict.reason !== undefined) return `${nameOf(order)} is being undone: ${verdict.reason}`;
  if (isBeingAmended) return `${nameOf(order)} is being amended just now; ask again in a moment.`;
  return holds.open.length > 0 ? undefined : `${nameOf(order)} waits for nothing: it goes on by itself.`;
}

function whyNotCancel(order: Order, actor: string | null): string | undefined {
  if (hasEnded(order)) return ended(order);
  if (actor !== null || order.cancellation.reason !== undefined || !order.answers.shipment) return undefined;
  const { carrier, trackingNumber } = order.answers.shipment;
  return `${nameOf(order)} was handed over to ${carrier} (${trackingNumber}) and cannot be cancelled any more; ${howToReturn}`;
}

const hasEnded = ({ cancellation: verdict }: Order): boolean => verdict.isClosed;

const ended = (order: Order): string =>
  order.progress.progress.state === 'completed' && order.answers.shipment
    ? `${nameOf(order)} is completed; to give it back, ${howToReturn}`
    : `${nameOf(order)} has ended (${order.progress.progress.state}).`;

const settledOf = (order: Order): string =>
  order.answers.created
    ? `${nameOf(order)} is packed, and its address is settled: neither can be amended.`
    : `${nameOf(order)} is only just being taken in; ask again in a moment.`;

const nameOf = (order: Order): string => `Order ${idOf(order)}`;

const idOf = ({ progress: file }: Order): string => file.progress.orderId ?? file.progress.requestId;

/** Throws the refusal of an approval of another amount: an amendment that came in between has to be looked at. */
export function mustBeWhatWasSeen(order: Order, { total: seen }: Approve): void {
  const { total } = answerOf(order, 'created');
  if (!seen || (seen.amount === total.amount && seen.currency === total.currency)) return;
  const change = `comes to ${formatMoney(total)} by now, not to ${formatMoney(seen)}`;
  throw refused(order, `${nameOf(order)} ${change}: look at it again.`);
}

/** Throws the refusal of an amendment of what cannot be changed any more. */
export function mustFitAmendment(order: Order, { lines, shipTo }: Amend): void {
  mustFit(order, 'amend', null);
  if (lines && !mayAmendLines(order))
    throw refused(order, `The lines of order ${idOf(order)} cannot be amended now: ${whyLines(order)}.`);
  if (shipTo && !mayAmendAddress(order)) {
    throw refused(order, `The address of order ${idOf(order)} cannot be amended: its shipment may be under way.`);
  }
}

const whyLines = ({ progress: file }: Order): string =>
  file.isUnderWay('adjust-inventory') ? 'its stock is being taken just now, ask again in a moment' : 'it may be packed';

/** Until they are packed; a packer that failed may have packed them. */
function mayAmendLines({ progress: file, holds, answers }: Order): boolean {
  if (!answers.created || file.isUnderWay('adjust-inventory')) return false;
  return !file.wasAsked('fulfill-order') || holds.of('fulfill-order')?.reason === 'packing';
}

/** Until the order is shipped; a carrier that failed may have it. */
const mayAmendAddress = ({ progress: file, holds, answers }: Order): boolean =>
  answers.created !== undefined && (!file.wasAsked('ship-order') || holds.of('ship-order')?.reason === 'address');
