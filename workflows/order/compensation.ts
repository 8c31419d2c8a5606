import type { CommandName } from '../../contracts/command-routes.ts';
import { commandRequestId } from '../../contracts/ids.ts';
import { callUntilDone, type AcknowledgementOf } from '../kit/call.ts';
import { tellReady } from '../kit/stock.ts';
import { execute, mailCommand, perform } from './execute.ts';
import { shownCompensation } from './hold-rules.ts';
import type { OpenOrder, OrderCall } from './order.ts';
import { orderIdOf, type Compensation, type Order } from './state.ts';

/** Takes back what was done, newest first, and tells the customer why. */
export async function compensateSteps(order: OpenOrder): Promise<void> {
  for (const command of order.apply({ type: 'compensation-begun' })) {
    if (command.do === 'compensate') await compensations[command.command](order);
    else if (command.do === 'mail-cancellation') await mailCancellation(order);
    else await execute(order, command);
  }
}

const compensations: { readonly [Name in Compensation]: (order: OpenOrder) => Promise<void> } = {
  async 'cancel-order'(order) {
    const command = { ...idsOf(order.state, 'cancel-order'), reason: compensationReason(order.state) };
    await callForEver(order, { name: 'cancel-order', command, summary: 'mark it cancelled', step: 1 });
  },
  async 'refund-payment'(order) {
    const command = idsOf(order.state, 'refund-payment');
    const call = { name: 'refund-payment', command, summary: 'give back what was charged', step: 2 } as const;
    order.apply({ type: 'answered', answers: { refund: await callForEver(order, call) } });
  },
  async 'release-inventory'(order) {
    const command = idsOf(order.state, 'release-inventory');
    const call = { name: 'release-inventory', command, summary: 'put back what was taken', step: 2 } as const;
    const { ready } = await callForEver(order, call);
    await tellReady(ready);
  },
  async 'unpack-order'(order) {
    const command = idsOf(order.state, 'unpack-order');
    await callForEver(order, { name: 'unpack-order', command, summary: 'open the parcels again', step: 3 });
  },
  async 'recall-shipment'(order) {
    const command = idsOf(order.state, 'recall-shipment');
    await callForEver(order, { name: 'recall-shipment', command, summary: 'call the shipment back', step: 4 });
  },
};

/** Before step 1 there is no customer to tell. */
async function mailCancellation(order: OpenOrder): Promise<void> {
  const { state } = order;
  if (!state.answers.created) return;
  const requestId = commandRequestId(orderIdOf(state), 'email-customer', 1, 'cancelled');
  const { refunded, already } = state.answers.refund ?? {};
  const news = {
    reason: compensationReason(state),
    ...(refunded ? { refunded } : {}),
    ...(already ? { already } : {}),
  };
  const command = mailCommand(state, 'cancelled', requestId, news);
  await callForEver(order, { name: 'email-customer', command, summary: 'mail: cancelled' });
}

/**
 * A compensation is never given up. One that fails past its retry time is shown as a hold of reason `compensation`, and
 * goes on being called.
 */
async function callForEver<Name extends CommandName>(
  order: OpenOrder,
  call: OrderCall<Name>,
): Promise<AcknowledgementOf<Name>> {
  const { requestId } = call.command;
  order.apply({ type: 'compensation-called', requestId });
  const acknowledgement = await callUntilDone(
    () => order.call({ ...call, retry: shownCompensation(order.state, requestId) ? 'without-end' : 'by-policy' }),
    async (failure) => {
      if (failure.kind === 'refusal') throw new Error(`The compensation ${requestId} was refused: ${failure.message}`);
      const failed = { command: call.name, step: call.step ?? order.state.step, requestId, failure, at: Date.now() };
      await perform(order, { type: 'compensation-failed', ...failed });
      return failure.lasting ? 'later' : 'again';
    },
  );
  await perform(order, { type: 'compensation-done', requestId });
  return acknowledgement;
}

const idsOf = (order: Order, name: Compensation) => {
  const orderId = orderIdOf(order);
  return { orderId, requestId: commandRequestId(orderId, name, 1) };
};

const compensationReason = ({ cancelled }: Order): string => cancelled?.reason ?? 'The order was cancelled.';
