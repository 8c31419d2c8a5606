import { condition } from '@temporalio/workflow';
import { commandRequestId, createOrderRequestId } from '../../contracts/ids.ts';
import {
  callUntilDone,
  type AcknowledgementOf,
  type AfterFailure,
  type CommandOf,
  type Failure,
  type Refusal,
} from '../kit/call.ts';
import { endCarriedHolds } from './recovered-holds.ts';
import { holdReasonOf, waitForHelp } from './hold.ts';
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
  let requestId = '';
  const done = await callUntilDone<Name, undefined>(
    async () => {
      while (order.isBeingAmended) await condition(() => !order.isBeingAmended);
      order.cancellation.check();
      const command = commandOf(order, errand);
      requestId = command.requestId;
      return order.progress.ask({ name, command, summary: summary(), step, retryFor: retryForOf(order, name) });
    },
    (failure) => afterFailure(order, errand, requestId, failure),
  );
  if (order.recovered) await endCarriedHolds(order, requestId);
  return done;
}

/** Holds the order, and says how it goes on. */
async function afterFailure<Name extends CommandName>(
  order: Order,
  errand: CommandCall<Name>,
  requestId: string,
  failure: Failure,
): Promise<AfterFailure<undefined>> {
  const reason = holdReasonOf(failure);
  if (!reason) return endWith(order, errand.name, failure);
  const release = await waitForHelp(order, { errand, trouble: failure, reason, requestId });
  if (release.how === 'skip' || release.how === 'settled') return { instead: undefined };
  await errand.prepare?.();
  return 'again';
}

function endWith(order: Order, name: CommandName, refusal: Failure): never {
  if (name === 'create-order' && refusal.kind === 'refusal') throw new RequestRefused(refusal);
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
