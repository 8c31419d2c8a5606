import { condition } from '@temporalio/workflow';
import type { CommandName } from '../../contracts/command-routes.ts';
import type { Refusal } from '../../contracts/failures.ts';
import { commandRequestId, createOrderRequestId } from '../../contracts/ids.ts';
import type { StepNumber } from '../../contracts/mediators/steps.ts';
import { callUntilDone, type AcknowledgementOf, type AfterFailure, type Answer, type CommandOf } from '../kit/call.ts';
import { waitWithReminders } from '../kit/reminders.ts';
import type { OrderCommand } from './decide.ts';
import { showComplex } from './details.ts';
import { execute, perform } from './execute.ts';
import { needsApproval, recoveredApprovals, type HoldForPeople } from './hold-rules.ts';
import type { OpenOrder, OrderCall } from './order.ts';
import type { CommandFailed } from './events.ts';
import { orderIdOf, roundOf, type Order, type Resumption } from './state.ts';

/** One command of a step: how it is made, and what comes before it is called again. */
export interface CommandOfStep<Name extends CommandName> {
  readonly name: Name;
  /** Tells commands of one name apart, as mails. */
  readonly kind?: string;
  /** Makes the command for a round, of what the order is by then. */
  readonly command: (
    order: Order,
    ids: { readonly orderId: string; readonly requestId: string; readonly round: number },
  ) => CommandOf<Name>;
  readonly summary: (order: Order) => string;
  /** The step it is shown in; the present one when it is left out. */
  readonly step?: StepNumber;
  /** Does what an amendment has made necessary before the command is called again. */
  readonly prepare?: () => Promise<void>;
}

/** Thrown when step 1 is refused: the request is answered with it, and there is nothing to compensate. */
export class RequestRefused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/**
 * Calls a command until it is acknowledged. A refusal that people can put right, and a processor that failed past its
 * retry time, hold the order here, at this command, until it is resumed; any other refusal compensates the order.
 * Undefined when the command was skipped, or done meanwhile.
 */
export async function callOrHold<Name extends CommandName>(
  order: OpenOrder,
  step: CommandOfStep<Name>,
): Promise<AcknowledgementOf<Name> | undefined> {
  order.apply({ type: 'command-begun', command: step.name });
  let requestId = '';
  const next = (): OrderCall<Name> => {
    const { name } = step;
    const command = commandOf(order.state, step);
    requestId = command.requestId;
    return { name, command, summary: step.summary(order.state), step: step.step };
  };
  const inLane = order.lane.takesCommands ? await order.callInLane(next()) : undefined;
  const acknowledgement =
    inLane ??
    (await callUntilDone<Name, undefined>(
      async (): Promise<Answer<Name>> => {
        while (order.state.isBeingAmended) await condition(() => !order.state.isBeingAmended);
        order.check();
        return order.call(next());
      },
      async (failure): Promise<AfterFailure<undefined>> => {
        const shownIn = step.step ?? order.state.step;
        const how = await holdOrEnd(order, { command: step.name, step: shownIn, requestId, failure, at: Date.now() });
        if (how === 'skip' || how === 'done') return { instead: undefined };
        await step.prepare?.();
        return 'again';
      },
    ));
  await perform(order, { type: 'command-over', requestId });
  return acknowledgement;
}

function commandOf<Name extends CommandName>(
  order: Order,
  { name, kind, command }: CommandOfStep<Name>,
): CommandOf<Name> {
  const [orderId, round] = [orderIdOf(order), roundOf(order, name)];
  const requestId =
    name === 'create-order' ? createOrderRequestId(order.requestId) : commandRequestId(orderId, name, round, kind);
  return command(order, { orderId, requestId, round });
}

async function holdOrEnd(order: OpenOrder, failed: CommandFailed): Promise<Resumption['how']> {
  const [command] = order.apply({ type: 'command-failed', ...failed });
  if (command?.do === 'wait') return waitToResume(order, command);
  if (command?.do === 'refuse-request') throw new RequestRefused(command.refusal);
  order.check();
  throw new Error(`The order ended while ${failed.command} was under way.`);
}

/**
 * Before the first charge. A hold of an earlier workflow, which was lost before it wrote that it resumes, is closed.
 */
export async function firstApproval(order: OpenOrder): Promise<void> {
  const isNeeded = needsApproval(order.state);
  if (isNeeded) await waitForApproval(order);
  if (!isNeeded || recoveredApprovals(order.state).length > 0) await perform(order, { type: 'approval-unneeded' });
}

/**
 * Holds the order until it is approved, or an amendment brings it back under the limit. A suspicion that comes
 * meanwhile has it approved once more.
 */
export async function waitForApproval(order: OpenOrder): Promise<void> {
  while (needsApproval(order.state)) {
    if (order.start.mediatorClass !== 'complex') showComplex();
    order.check();
    order.lane.leave();
    const [command] = order.apply({ type: 'approval-wanted', at: Date.now() });
    if (command?.do === 'wait') await waitToResume(order, command);
  }
}

/**
 * Writes the hold, tells the customer, reminds, and says how the order goes on. A hold that is not resumed before its
 * deadline gives the order up, unless its command may be skipped. An order that is given up throws `OrderEnds`.
 */
async function waitToResume(
  order: OpenOrder,
  { hold: held, isRecovered, failure }: Extract<OrderCommand, { readonly do: 'wait' }>,
): Promise<Resumption['how']> {
  await execute(order, { do: 'write-hold', hold: held });
  order.check();
  await perform(order, { type: 'hold-written', hold: held, isRecovered, failure });
  const { since, deadline, holdId } = held;
  const { reminders } = order.state.policy.holds[held.reason as HoldForPeople];
  const isOver = () => order.state.resumptions[holdId] !== undefined || order.state.cancelled !== null;
  const remind = (number: number) => perform(order, { type: 'reminder-due', hold: held, number, failure });
  if (!(await waitWithReminders({ isOver, since, deadline, reminders, missed: 'skip', remind }))) {
    order.apply({ type: 'deadline-passed', hold: held });
  }
  order.check();
  const how = order.state.resumptions[holdId]?.how ?? 'again';
  await perform(order, { type: 'hold-over', hold: held });
  return how;
}
