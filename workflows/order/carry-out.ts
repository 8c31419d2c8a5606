import { condition, sleep } from '@temporalio/workflow';
import { commandRequestId, createOrderRequestId } from '../../contracts/ids.ts';
import type { AcknowledgementOf, CommandOf, Refusal, Failure } from '../kit/call.ts';
import { endCarriedHolds } from './recovered-holds.ts';
import { holdReasonOf, waitForHelp } from './hold.ts';
import type { Release } from './holds.ts';
import { backOff } from '../kit/back-off.ts';
import { retryForOf } from './retry-for.ts';
import type { Order } from './order.ts';
import type { CommandName } from '../../contracts/command-routes.ts';
import type { StepNumber } from '../../contracts/mediators/steps.ts';

/** One command of a step: how to make it, and what to do before it is asked again. */
export interface CommandCall<Name extends CommandName> {
  readonly name: Name;
  /** Tells commands of one name apart, as mails. */
  readonly kind?: string;
  /** Makes the command for a round, of what the order is by then. */
  readonly command: (about: {
    readonly orderId: string;
    readonly requestId: string;
    readonly round: number;
  }) => CommandOf<Name>;
  readonly summary: () => string;
  readonly step?: StepNumber;
  /** What an amendment has made necessary before this may be asked again. */
  readonly prepare?: () => Promise<void>;
}

/** Thrown when step 1 is refused: the request is answered with it, and nothing is undone. */
export class RequestRefused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/**
 * Asks a command until it is acknowledged. A refusal that somebody can put right, and a processor that failed past its retry time, hold the order
 * here, at this command, until somebody helps; any other refusal undoes the order. Undefined when the command was skipped or done meanwhile.
 */
export async function carryOut<Name extends CommandName>(
  order: Order,
  errand: CommandCall<Name>,
): Promise<AcknowledgementOf<Name> | undefined> {
  const { name, step, summary } = errand;
  for (let waitMinutes = 1; ; waitMinutes = backOff(waitMinutes)) {
    while (order.isBeingAmended) await condition(() => !order.isBeingAmended);
    order.cancellation.check();
    const command = commandOf(order, errand);
    const answer = await order.progress.ask({
      name,
      command,
      summary: summary(),
      step,
      retryFor: retryForOf(order, name),
    });
    const isDone = 'acknowledgement' in answer;
    const release = isDone ? undefined : await afterTrouble(order, errand, command.requestId, answer.trouble);
    if (isDone || release?.how === 'skip' || release?.how === 'settled') {
      if (order.recovered) await endCarriedHolds(order, command.requestId);
      return isDone ? answer.acknowledgement : undefined;
    }
    if (!release) await sleep(`${waitMinutes} minutes`); // an order that cannot be held goes on asking
    await errand.prepare?.();
  }
}

/** Holds the order, and says how it goes on; undefined when a fault meets an order that cannot be held. */
async function afterTrouble<Name extends CommandName>(
  order: Order,
  errand: CommandCall<Name>,
  requestId: string,
  trouble: Failure,
): Promise<Release | undefined> {
  const reason = holdReasonOf(order, trouble);
  if (reason) return waitForHelp(order, { errand, trouble, reason, requestId });
  return trouble.kind === 'refusal' ? endWith(order, errand.name, trouble) : undefined;
}

function endWith(order: Order, name: CommandName, refusal: Refusal): never {
  if (name === 'create-order') throw new RequestRefused(refusal);
  order.cancellation.decide(refusal.message);
  order.cancellation.check();
  throw new Error(`The order ended while ${name} was under way.`);
}

function commandOf<Name extends CommandName>(
  order: Order,
  { name, kind, command }: CommandCall<Name>,
): CommandOf<Name> {
  const orderId = order.progress.orderId();
  const round = order.rounds.of(name);
  const requestId =
    name === 'create-order'
      ? createOrderRequestId(order.start.event.requestId)
      : commandRequestId(orderId, name, round, kind);
  return command({ orderId, requestId, round });
}
