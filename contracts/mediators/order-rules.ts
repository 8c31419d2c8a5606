import type { CommandName } from '../command-routes.ts';
import { formatMoney, type Money } from '../money.ts';
import { skippable, type Hold } from './holds.ts';
import { howToReturn, orderActions, type OrderActionName, type OrderActions } from './order-actions.ts';
import type { Progress } from './order-mediator.ts';
import type { StepRecord } from './steps.ts';

/*
 * These rules decide which actions are possible now. The mediator refuses by them, and desk and client offer actions by
 * them. They are pure, and read no more than `Progress` or an order's row shows.
 */

/** The part of an order that decides which actions are possible; `Progress` is one. */
export interface OrderStanding extends Pick<
  Progress,
  'orderId' | 'requestId' | 'state' | 'holds' | 'total' | 'reason'
> {
  readonly steps: readonly Pick<StepRecord, 'command' | 'acknowledgedAt' | 'refusal'>[];
  /** True while an amendment is under way; only the mediator knows. */
  readonly isBeingAmended?: boolean;
  /** True once the mediator writes its last record; only the mediator knows. */
  readonly isEnding?: boolean;
  /** The carrier and the tracking number, which a refusal to a customer names. */
  readonly shipment?: { readonly carrier: string; readonly trackingNumber: string } | undefined;
}

/**
 * The actions that are possible now for this actor: a customer (null), or an operator. There are none once the order is
 * compensated or ends.
 */
export const possibleActions = (order: OrderStanding, actor: string | null): readonly OrderActionName[] =>
  order.state === 'compensating' || hasEnded(order)
    ? []
    : orderActions.filter((action) => whyNotPossible(order, action, actor) === undefined);

/** Why an action cannot be taken now, as one sentence; undefined when it can. */
export const whyNotPossible = (
  order: OrderStanding,
  action: OrderActionName,
  actor: string | null,
): string | undefined => whyNotYet(order) ?? rules[action](order, actor);

/** Why an action with this content cannot be taken now, as one sentence; undefined when it can. */
export const whyNotTaken = <Name extends OrderActionName>(
  order: OrderStanding,
  action: Name,
  input: OrderActions[Name],
): string | undefined =>
  whyNotPossible(order, action, input.actor ?? null) ?? whyNotThis(order, { action, input } as AnyAction);

type AnyAction = {
  readonly [Name in OrderActionName]: { readonly action: Name; readonly input: OrderActions[Name] };
}[OrderActionName];

const whyNotYet = ({ orderId }: OrderStanding): string | undefined =>
  orderId === null ? 'The order is only just being taken in; ask again in a moment.' : undefined;

const rules: {
  readonly [Name in OrderActionName]: (order: OrderStanding, actor: string | null) => string | undefined;
} = {
  approve: (order) =>
    whyNotHeld(order) ??
    (order.holds.some(({ reason }) => reason === 'approval')
      ? undefined
      : `${nameOf(order)} does not wait for an approval.`),
  pay: (order) =>
    whyNotHeld(order) ??
    (holdAt(order, 'apply-payment') ? undefined : `${nameOf(order)} does not wait for its payment.`),
  amend: (order) =>
    whyNotHeld(order) ??
    (mayAmendLines(order) || mayAmendAddress(order)
      ? undefined
      : `${nameOf(order)} is not created yet, or it is packed and may be shipped: it cannot be amended.`),
  retry: (order) =>
    whyNotHeld(order) ??
    (order.holds.some(({ reason }) => reason !== 'approval')
      ? undefined
      : `${nameOf(order)} waits for an approval: there is nothing to ask again.`),
  skip: (order) =>
    whyNotHeld(order) ??
    (order.holds.some(({ command }) => skippable.includes(command))
      ? undefined
      : `${nameOf(order)} waits at nothing that may be skipped (${skippable.join(', ')}).`),
  cancel: whyNotCancel,
};

function whyNotHeld(order: OrderStanding): string | undefined {
  if (hasEnded(order)) return ended(order);
  if (order.state === 'compensating') return `${nameOf(order)} is being undone: ${order.reason}`;
  if (order.isBeingAmended) return `${nameOf(order)} is being amended just now; ask again in a moment.`;
  return order.holds.length > 0 ? undefined : `${nameOf(order)} waits for nothing: it goes on by itself.`;
}

/** A customer may cancel until the carrier has the parcel, an operator until the order ends. */
function whyNotCancel(order: OrderStanding, actor: string | null): string | undefined {
  if (hasEnded(order)) return ended(order);
  if (actor !== null || order.state === 'compensating' || !isDone(order, 'ship-order')) return undefined;
  const to = order.shipment ? `${order.shipment.carrier} (${order.shipment.trackingNumber})` : 'the carrier';
  return `${nameOf(order)} was handed over to ${to} and cannot be cancelled any more; ${howToReturn}`;
}

const hasEnded = ({ state, isEnding }: OrderStanding): boolean =>
  isEnding === true || state === 'completed' || state === 'cancelled';

const ended = (order: OrderStanding): string =>
  order.state === 'completed' && isDone(order, 'ship-order')
    ? `${nameOf(order)} is completed; to give it back, ${howToReturn}`
    : `${nameOf(order)} has ended (${order.state}).`;

const idOf = ({ orderId, requestId }: OrderStanding): string => orderId ?? requestId;

const nameOf = (order: OrderStanding): string => `Order ${idOf(order)}`;

function whyNotThis(order: OrderStanding, { action, input }: AnyAction): string | undefined {
  if (action === 'approve') return whyNotSeen(order, input.total);
  if (action === 'amend') return whyNotAmend(order, input);
  return action === 'skip' ? whyNotSkip(order, input.command) : undefined;
}

/** An amendment may have changed the total since the operator saw it. */
function whyNotSeen(order: OrderStanding, seen: Money | undefined): string | undefined {
  const { total } = order;
  if (!seen || !total || (seen.amount === total.amount && seen.currency === total.currency)) return undefined;
  const change = `comes to ${formatMoney(total)} by now, not to ${formatMoney(seen)}`;
  return `${nameOf(order)} ${change}: look at it again.`;
}

function whyNotAmend(order: OrderStanding, { lines, shipTo }: OrderActions['amend']): string | undefined {
  if (lines && !mayAmendLines(order)) {
    return `The lines of order ${idOf(order)} cannot be amended now: ${whyNotLines(order)}.`;
  }
  if (!shipTo || mayAmendAddress(order)) return undefined;
  return `The address of order ${idOf(order)} cannot be amended: its shipment may be under way.`;
}

const whyNotLines = (order: OrderStanding): string =>
  isUnderWay(order, 'adjust-inventory')
    ? 'its stock is being taken just now, ask again in a moment'
    : 'it may be packed';

function whyNotSkip(order: OrderStanding, command: CommandName): string | undefined {
  if (!skippable.includes(command)) return `The command ${command.slice(0, 40)} cannot be skipped.`;
  return holdAt(order, command) ? undefined : `The order does not wait at ${command}.`;
}

/** Lines may be amended until they are packed. A packer that failed may have packed them. */
function mayAmendLines(order: OrderStanding): boolean {
  if (!isDone(order, 'create-order') || isUnderWay(order, 'adjust-inventory')) return false;
  return !wasCalled(order, 'fulfill-order') || holdAt(order, 'fulfill-order')?.reason === 'packing';
}

/** The address may be amended until the order is shipped. A carrier that failed may have it. */
const mayAmendAddress = (order: OrderStanding): boolean =>
  isDone(order, 'create-order') &&
  (!wasCalled(order, 'ship-order') || holdAt(order, 'ship-order')?.reason === 'address');

/** The hold of a command that was called. A hold for an approval begins before its command is called. */
const holdAt = ({ holds }: OrderStanding, command: CommandName): Hold | undefined =>
  holds.find((hold) => hold.command === command && hold.reason !== 'approval');

const callsOf = ({ steps }: OrderStanding, name: CommandName) => steps.filter(({ command }) => command === name);

const wasCalled = (order: OrderStanding, name: CommandName): boolean => callsOf(order, name).length > 0;

const isDone = (order: OrderStanding, name: CommandName): boolean =>
  callsOf(order, name).some(({ acknowledgedAt }) => acknowledgedAt !== null);

/** True while the command is called and not answered. */
export const isUnderWay = (order: Pick<OrderStanding, 'steps'>, name: CommandName): boolean =>
  order.steps.some(({ command, acknowledgedAt, refusal }) => command === name && !acknowledgedAt && !refusal);
