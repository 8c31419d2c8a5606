import type { ApplicationFailure } from '@temporalio/workflow';
import { skippable } from '../../contracts/mediators/holds.ts';
import {
  howToReturn,
  orderActions,
  type ActionRefused,
  type Amend,
  type Approve,
  type OrderActionName,
  type OrderActions,
  type Skip,
} from '../../contracts/mediators/order-actions.ts';
import { formatMoney } from '../../contracts/money.ts';
import { actionRefusal } from '../kit/updates.ts';
import { answerOf, type Order } from './order.ts';

/* What people may do to an order, as its state allows it now. Every refusal says why, and what is possible. */

/** The refusal of an action: it changes nothing. */
export function refused(order: Order, why: string): ApplicationFailure {
  const { orderId, state } = order.progress.progress;
  const details: ActionRefused = { orderId, state, possible: possibleNow(order) };
  return actionRefusal(why, details, 'Nothing can be done to it any more.');
}

/** Everything that would be taken now. */
const possibleNow = (order: Order): OrderActionName[] =>
  order.cancellation.reason !== undefined
    ? []
    : orderActions.filter((action) => whyNot[action](order, null) === undefined);

/** Throws the refusal of an action that does not fit the order's state. */
export function mustFit(order: Order, action: OrderActionName, actor: string | null): void {
  const why = justTakenIn(order) ?? whyNot[action](order, actor);
  if (why !== undefined) throw refused(order, why);
}

const justTakenIn = (order: Order): string | undefined =>
  order.progress.progress.orderId ? undefined : 'The order is only just being taken in; ask again in a moment.';

/** Why an action with this content cannot be taken now, as a sentence; undefined when it can. */
export const whyNotNow = <Name extends OrderActionName>(
  order: Order,
  action: Name,
  input: OrderActions[Name],
): string | undefined =>
  justTakenIn(order) ?? whyNot[action](order, input.actor ?? null) ?? whyNotThis(order, { action, input } as AnyAction);

type AnyAction = {
  readonly [Name in OrderActionName]: { readonly action: Name; readonly input: OrderActions[Name] };
}[OrderActionName];

function whyNotThis(order: Order, { action, input }: AnyAction): string | undefined {
  if (action === 'approve') return whyNotApprove(order, input);
  if (action === 'amend') return whyNotAmend(order, input);
  return action === 'skip' ? whyNotSkip(order, input) : undefined;
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

/** An amendment may have come in between: what it comes to now has to be looked at. */
function whyNotApprove(order: Order, { total: seen }: Approve): string | undefined {
  const { total } = answerOf(order, 'created');
  if (!seen || (seen.amount === total.amount && seen.currency === total.currency)) return undefined;
  const change = `comes to ${formatMoney(total)} by now, not to ${formatMoney(seen)}`;
  return `${nameOf(order)} ${change}: look at it again.`;
}

function whyNotAmend(order: Order, { lines, shipTo }: Amend): string | undefined {
  if (lines && !mayAmendLines(order))
    return `The lines of order ${idOf(order)} cannot be amended now: ${whyLines(order)}.`;
  if (!shipTo || mayAmendAddress(order)) return undefined;
  return `The address of order ${idOf(order)} cannot be amended: its shipment may be under way.`;
}

function whyNotSkip(order: Order, { command }: Skip): string | undefined {
  if (!skippable.includes(command)) return `The command ${command.slice(0, 40)} cannot be skipped.`;
  return order.holds.of(command) ? undefined : `The order does not wait at ${command}.`;
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
