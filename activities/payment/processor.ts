import type { ApplyPayment, PaymentProcessor, PaymentRefunded } from '../../contracts/payment.ts';
import { bringToAmount, charge } from './charge.ts';
import type { GatewayCharge } from './card-gateway.ts';
import { giveBackAll, giveBackOwn, wentBackElsewhere } from './give-back.ts';
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
    return answerOf(await ports.store.refunded(command, refundOf(command.orderId, charges)));
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

/** Of charges that have gone back whole: how much of them we gave back, and what had gone back already. */
function refundOf(orderId: string, charges: readonly GatewayCharge[]): PaymentRefunded {
  const [first] = charges;
  if (!first) return { refunded: null };
  const already = wentBackElsewhere(orderId, charges);
  const sum = charges.reduce((total, { amount }) => total + amount, 0);
  const amount = already.reduce((rest, one) => rest - one.amount.amount, sum);
  const refunded = amount > 0 ? { amount, currency: first.currency } : null;
  return { refunded, ...(already.length > 0 ? { already } : {}) };
}
