import { helpWith } from '../../contracts/mediators/holds.ts';
import { commandRequestId } from '../../contracts/ids.ts';
import type { OpenHold } from '../../contracts/mediators/order-records.ts';
import { callUntilDone, type AcknowledgementOf, type Fault } from '../kit/call.ts';
import { tellReady } from '../kit/stock.ts';
import { retryForOf } from './retry-for.ts';
import { takeCarriedHold } from './recovered-holds.ts';
import { mailCommand } from './mail.ts';
import type { OrderCall } from './order-progress.ts';
import type { Order } from './order.ts';
import { recordHold, recordResumed } from './records.ts';
import type { CommandName } from '../../contracts/command-routes.ts';

/** The compensation commands in the order of the steps they take back. */
const undoCommands = [
  'cancel-order',
  'refund-payment',
  'release-inventory',
  'unpack-order',
  'recall-shipment',
] as const;

type UndoCommand = (typeof undoCommands)[number];

const undos: { readonly [Name in UndoCommand]: (order: Order) => Promise<void> } = {
  async 'cancel-order'(order) {
    const command = { ...commandOf(order, 'cancel-order'), reason: reasonOf(order) };
    await askUndo(order, { name: 'cancel-order', command, summary: 'mark it cancelled', step: 1 });
  },
  async 'refund-payment'(order) {
    const command = commandOf(order, 'refund-payment');
    const asked = { name: 'refund-payment', command, summary: 'give back what was charged', step: 2 } as const;
    order.answers.refund = await askUndo(order, asked);
  },
  async 'release-inventory'(order) {
    const command = commandOf(order, 'release-inventory');
    const asked = { name: 'release-inventory', command, summary: 'put back what was taken', step: 2 } as const;
    const { ready } = await askUndo(order, asked);
    await tellReady(ready);
  },
  async 'unpack-order'(order) {
    const command = commandOf(order, 'unpack-order');
    await askUndo(order, { name: 'unpack-order', command, summary: 'open the parcels again', step: 3 });
  },
  async 'recall-shipment'(order) {
    const command = commandOf(order, 'recall-shipment');
    await askUndo(order, { name: 'recall-shipment', command, summary: 'call the shipment back', step: 4 });
  },
};

/** Lists the compensation of a command that is about to be asked. */
export const listCompensation = (order: Order, name: UndoCommand): void =>
  order.compensations.add(name, () => undos[name](order));

/** Lists every undo there is: an earlier workflow of the order may have come to any step. Each does nothing where nothing was done. */
export const listEveryCompensation = (order: Order): void =>
  undoCommands.forEach((name) => listCompensation(order, name));

/** Tells the customer that the order was cancelled, and why; before step 1 there is nobody to tell. */
export async function mailCancellation(order: Order): Promise<void> {
  if (!order.answers.created) return;
  const requestId = commandRequestId(order.progress.orderId(), 'email-customer', 1, 'cancelled');
  const refunded = order.answers.refund?.refunded;
  const news = { reason: reasonOf(order), ...(refunded ? { refunded } : {}) };
  const command = mailCommand(order, 'cancelled', requestId, news);
  await askUndo(order, { name: 'email-customer', command, summary: 'mail: cancelled' });
}

/**
 * Asks until it is done: a compensation is never given up. One that fails past its retry time shows as a hold of reason `undo`, and goes on being asked.
 */
async function askUndo<Name extends CommandName>(
  order: Order,
  asked: OrderCall<Name>,
): Promise<AcknowledgementOf<Name>> {
  let shown = takeCarriedHold(order, asked.command.requestId, 'compensation');
  if (shown) order.holds.add(shown);
  const acknowledgement = await callUntilDone(
    () => order.progress.ask({ ...asked, retryFor: shown ? undefined : retryForOf(order, asked.name) }),
    async (failure) => {
      if (failure.kind === 'refusal')
        throw new Error(`The undo ${asked.command.requestId} was refused: ${failure.message}`);
      shown ??= await showFailing(order, asked, failure);
      return failure.lasting ? 'later' : 'again';
    },
  );
  if (shown) {
    order.holds.remove(shown);
    await recordResumed(order, shown, 'retry');
  }
  return acknowledgement;
}

async function showFailing<Name extends CommandName>(
  order: Order,
  asked: OrderCall<Name>,
  fault: Fault,
): Promise<OpenHold> {
  const since = new Date().toISOString();
  const hold: OpenHold = {
    holdId: `${asked.command.requestId}@${since}`,
    reason: 'compensation',
    step: asked.step ?? order.progress.progress.step,
    command: asked.name,
    message: fault.message,
    help: helpWith.compensation,
    since,
    deadline: null,
  };
  order.holds.add(hold);
  await recordHold(order, hold);
  return hold;
}

const commandOf = ({ progress: file }: Order, name: UndoCommand) => {
  const orderId = file.orderId();
  return { orderId, requestId: commandRequestId(orderId, name, 1) };
};

const reasonOf = ({ cancellation: verdict }: Order): string => verdict.reason ?? 'The order was cancelled.';
