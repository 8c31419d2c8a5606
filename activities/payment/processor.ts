import type { ApplyPayment, PaymentProcessor } from '../../contracts/payment.ts';
import type { Money } from '../../contracts/money.ts';
import { bringToAmount, charge } from './charge.ts';
import type { GatewayCharge } from './card-gateway.ts';
import { giveBackAll, giveBackOwn } from './give-back.ts';
import { refundReturn, type ReturnRefundPorts } from './refund-return.ts';
import { answerOf } from '../kit/refuse.ts';
import { lookThrough } from '../kit/unsettled-intents.ts';

/**
 * Charges cards and gives money back. The intent is written before the gateway is asked, the settlement after; both
 * notice a compensation or a later round that came in between.
 */
export const createPaymentProcessor = (ports: ReturnRefundPorts): PaymentProcessor => ({
  async applyPayment(command) {
    const begun = await ports.store.begin(command);
    if (begun.standing === 'known') return answerOf(begun.outcome);
    if (begun.standing === 'undone' || begun.standing === 'superseded') {
      await giveBackOwn(ports, command);
      return answerOf({ refusal: tooLate[begun.standing](command) });
    }
    const isFirst = begun.standing === 'new';
    const result = isFirst ? await charge(ports, command, command.amount) : await bringToAmount(ports, command);
    const outcome = await ports.store.settle(command, result);
    if ('refusal' in outcome && outcome.refusal.type !== 'PaymentDenied') await giveBackOwn(ports, command);
    return answerOf(outcome);
  },
  async refundPayment(command) {
    await ports.store.undo(command.orderId);
    const charges = await giveBackAll(ports, command, () => true);
    return answerOf(await ports.store.refunded(command, sumOf(charges)));
  },
  refundReturn: (command) => refundReturn(ports, command),
  async checkCard({ requestId, card }) {
    if (await ports.gateway.knows(card)) return { known: true };
    return answerOf({ refusal: { type: 'UnknownCard', details: { requestId } } });
  },
  async reconcileCharges({ requestId, olderThanSeconds }) {
    const givenBack = await lookThrough({
      requestId,
      what: 'charges',
      read: (page) => ports.store.unsettled({ ...page, olderThanSeconds }),
      takeBack: async (intent) => (await giveBackOwn(ports, intent)).length > 0,
      forget: (intent) => ports.store.forget(intent.requestId),
    });
    return { givenBack };
  },
});

const tooLate = {
  undone: ({ requestId }: ApplyPayment) => ({ type: 'AlreadyUndone', details: { requestId } }) as const,
  superseded: ({ requestId }: ApplyPayment) => ({ type: 'Superseded', details: { requestId } }) as const,
};

function sumOf(charges: readonly GatewayCharge[]): Money | null {
  const [first] = charges;
  if (!first) return null;
  return { amount: charges.reduce((sum, { amount }) => sum + amount, 0), currency: first.currency };
}
