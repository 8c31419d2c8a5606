import type { CommandName } from '../../contracts/command-routes.ts';
import { inMs } from '../../contracts/duration.ts';
import { commandRequestId } from '../../contracts/ids.ts';
import {
  expiryOf,
  heldFor,
  helpWith,
  helpWithSkippable,
  skippable,
  type HoldReason,
} from '../../contracts/mediators/holds.ts';
import type { Suspicion } from '../../contracts/mediators/order-mediator.ts';
import type { OpenHold } from '../../contracts/mediators/order-records.ts';
import { formatMoney } from '../../contracts/money.ts';
import type { CommandFailed } from './events.ts';
import { neededAnswer, orderIdOf, roundOf, waitingHolds, type Order, type Resumption } from './state.ts';

/* The rules of holds: when an order is held, how it resumes, and what ends it. */

/** A hold for people to resume; `compensation` is one that the order goes on asking by itself. */
export type HoldForPeople = Exclude<HoldReason, 'compensation'>;

/** A hold that begins now, or one of an earlier workflow, which keeps its beginning and its deadline. */
export interface Held {
  readonly hold: OpenHold;
  readonly isRecovered: boolean;
}

/**
 * The hold that a failed command leads to; undefined for a refusal that nothing can put right, and in an order that is
 * given up.
 */
export function holdAfter(order: Order, failed: CommandFailed): Held | undefined {
  if (order.cancelled) return undefined;
  const { failure } = failed;
  const reason = failure.kind === 'fault' ? 'fault' : heldFor[failure.type];
  return reason ? heldAt(order, { ...failed, reason, message: failure.message }) : undefined;
}

/** The hold of a compensation that keeps failing; it has no deadline. */
export const compensationHold = (order: Order, failed: CommandFailed): Held =>
  heldAt(order, { ...failed, reason: 'compensation', message: failed.failure.message });

/** The hold of an order that is suspected, or comes to more than the policy lets pass. */
export function approvalHold(order: Order, at: number): Held {
  const message = order.suspected ?? aboveLimit(order);
  const requestId = approvalId(order);
  return heldAt(order, { command: 'apply-payment', step: order.step, requestId, reason: 'approval', message, at });
}

function aboveLimit(order: Order): string {
  const { total } = neededAnswer(order, 'created');
  const limit = formatMoney({ ...total, amount: approvalLimit(order) ?? 0 });
  return `Orders above ${limit} are approved before anything is charged.`;
}

/**
 * No command is called under this id. Its round tells the mails of one approval from those of another, after an
 * amendment or a suspicion.
 */
function approvalId(order: Order): string {
  const { amendments, suspicions, suspected } = order;
  const kind = suspected === null ? 'approval' : 'suspicion';
  return commandRequestId(orderIdOf(order), 'apply-payment', amendments + suspicions.length + 1, kind);
}

/** The order after a suspicion, which counts once. One that is shipped, given up or ending is not held any more. */
export function suspect(order: Order, { suspicionId, why }: Suspicion): Order {
  if (order.suspicions.includes(suspicionId)) return order;
  const suspicions = [...order.suspicions, suspicionId];
  const sentence = `Fraud is suspected: ${why}`;
  const isTooLate = order.cancelled !== null || order.isEnding || order.answers.shipment !== undefined;
  if (!isTooLate) return { ...order, suspicions, suspected: sentence, notes: [...order.notes, sentence] };
  return { ...order, suspicions, notes: [...order.notes, `${sentence} It is too late to hold the order.`] };
}

/** The scope of an approval. One that was waited for before the suspicion does not answer it. */
export function approval(order: Order): Pick<Order, 'approvedUpTo' | 'suspected'> {
  const waited = approvalWaited(order);
  const suspected = waited && isOfSuspicion(waited) ? null : order.suspected;
  return { approvedUpTo: neededAnswer(order, 'created').total.amount, suspected };
}

/** True for an approval that is waited for because of a suspicion. */
export const isOfSuspicion = ({ holdId }: OpenHold): boolean => holdId.includes('/apply-payment/suspicion/');

/** The approvals that an earlier workflow of this order waited for, and this one has not met. */
export const recoveredApprovals = (order: Order): readonly OpenHold[] =>
  order.recoveredHolds.filter(({ reason }) => reason === 'approval');

/**
 * True when the order is suspected, or comes to more than the policy lets pass and more than was approved. An amendment
 * may have raised it.
 */
export function needsApproval(order: Order): boolean {
  if (order.suspected !== null) return true;
  const { amount } = neededAnswer(order, 'created').total;
  const limit = approvalLimit(order);
  return limit !== undefined && amount > limit && amount > order.approvedUpTo;
}

const approvalLimit = (order: Order): number | undefined =>
  order.policy.approveAbove?.[neededAnswer(order, 'created').total.currency];

interface HoldWanted extends Omit<CommandFailed, 'failure'> {
  readonly reason: HoldReason;
  readonly message: string;
}

function heldAt(order: Order, wanted: HoldWanted): Held {
  const recovered = recoveredHold(order, wanted.requestId, wanted.reason);
  return recovered ? { hold: recovered, isRecovered: true } : { hold: newHold(order, wanted), isRecovered: false };
}

function newHold({ policy }: Order, { command, step, requestId, reason, message, at }: HoldWanted): OpenHold {
  const since = new Date(at).toISOString();
  return {
    holdId: `${requestId}@${since}`,
    reason,
    step,
    command,
    message,
    help: reason === 'fault' && skippable.includes(command) ? helpWithSkippable : helpWith[reason],
    since,
    deadline: reason === 'compensation' ? null : new Date(at + inMs(policy.holds[reason].deadline)).toISOString(),
  };
}

/** The hold an earlier workflow of this order was in at the same command, in any round. */
export const recoveredHold = (order: Order, requestId: string, reason?: HoldReason): OpenHold | undefined =>
  order.recoveredHolds.find((hold) => isAt(hold, requestId) && (reason === undefined || hold.reason === reason));

/** Every hold of an earlier workflow at this command. */
export const recoveredHoldsAt = (order: Order, requestId: string): readonly OpenHold[] =>
  order.recoveredHolds.filter((hold) => isAt(hold, requestId));

/** The hold of a compensation that is shown as failing. */
export const shownCompensation = (order: Order, requestId: string): OpenHold | undefined =>
  order.holds.find((hold) => hold.reason === 'compensation' && isAt(hold, requestId));

const isAt = ({ holdId }: OpenHold, requestId: string): boolean => withoutRound(holdId) === withoutRound(requestId);

/** A request id, or a hold's id, without its round. */
const withoutRound = (id: string): string => (id.split('@')[0] ?? id).replace(/\/\d+$/, '');

/** The order with a hold that it waits at from now on. */
export const addHold = (order: Order, held: OpenHold): Order => ({
  ...order,
  holds: [...order.holds, held],
  recoveredHolds: order.recoveredHolds.filter(({ holdId }) => holdId !== held.holdId),
});

/** The order without a hold that it has left. */
export function removeHold(order: Order, { holdId }: OpenHold): Order {
  const { [holdId]: _, ...resumptions } = order.resumptions;
  return { ...order, holds: order.holds.filter((held) => held.holdId !== holdId), resumptions };
}

/**
 * Resumes a hold that waits. The round is raised here, so that the record of it has the round as well: a command that
 * failed is called again as it was, because it may have happened; one that was refused, or whose content has changed,
 * is called under the next round.
 */
export function resume(order: Order, { holdId, command, reason }: OpenHold, resumption: Resumption): Order {
  const isAnew = resumption.how === 'anew' || (resumption.how === 'again' && reason !== 'fault');
  const raised = isAnew ? raiseRound(order, command) : order;
  return { ...raised, resumptions: { ...order.resumptions, [holdId]: resumption } };
}

/** A command whose deadline has passed: one that may be skipped is left out, any other gives the order up. */
export const afterDeadline = ({ command, reason }: OpenHold): 'skip' | { readonly reason: string } =>
  skippable.includes(command) || reason === 'compensation' ? 'skip' : { reason: expiryOf[reason] };

/** The waiting hold of a command that was called; a wanted approval is not one. */
export const holdAt = (order: Order, command: CommandName): OpenHold | undefined =>
  waitingHolds(order).find((held) => held.command === command && held.reason !== 'approval');

/** The approval that is waited for. */
export const approvalWaited = (order: Order): OpenHold | undefined =>
  waitingHolds(order).find(({ reason }) => reason === 'approval');

/** The command is called under another round from now on. */
export const raiseRound = (order: Order, command: CommandName): Order => ({
  ...order,
  rounds: { ...order.rounds, [command]: roundOf(order, command) + 1 },
});
