import type { ApplyPayment, PaymentProcessor, RefundPayment } from '../contracts/payment.ts';
import type { Money } from '../contracts/money.ts';
import type { ChargeResult, PaymentStore } from '../prisma/stores/payment.ts';
import type { CardGateway, GatewayCharge } from './payment/card-gateway.ts';
import { answerOf } from './refuse.ts';

export interface PaymentPorts {
  readonly gateway: CardGateway;
  readonly store: PaymentStore;
}

/** Charges cards and gives money back. Intent before the gateway is asked, settlement after; an undo that came in between is noticed at both. */
export const createPaymentProcessor = ({ gateway, store }: PaymentPorts): PaymentProcessor => ({
  async applyPayment(command) {
    const begun = await store.begin(command);
    if (begun.standing === 'known') return answerOf(begun.outcome);
    if (begun.standing === 'undone') {
      await giveBackOwn({ gateway, store }, command);
      return answerOf({ refusal: alreadyUndone(command) });
    }
    const before = begun.standing === 'intended-before' ? await chargedBefore(gateway, command) : undefined;
    const result: ChargeResult = before ?? (await gateway.charge({ ...command, idempotencyKey: command.requestId }));
    const outcome = await store.settle(command, result);
    if ('refusal' in outcome && outcome.refusal.type === 'AlreadyUndone')
      await giveBackOwn({ gateway, store }, command);
    return answerOf(outcome);
  },
  async refundPayment(command) {
    await store.undo(command.orderId);
    const charges = await giveBack({ gateway, store }, command, () => true);
    return answerOf(await store.refunded(command, sumOf(charges)));
  },
});

const alreadyUndone = ({ requestId }: ApplyPayment) => ({ type: 'AlreadyUndone', details: { requestId } }) as const;

/** A charge whose answer never arrived, or whose key the gateway has forgotten. */
const chargedBefore = async (gateway: CardGateway, { orderId, requestId }: ApplyPayment) =>
  (await gateway.chargesOf(orderId)).find((charge) => charge.idempotencyKey === requestId);

/** A charge that came after its undo reverses itself. */
const giveBackOwn = (ports: PaymentPorts, command: ApplyPayment) =>
  giveBack(ports, command, (charge) => charge.idempotencyKey === command.requestId);

/**
 * Gives back what the gateway holds of the order's chosen charges, and writes it down. Safe to repeat: the gateway's books say what
 * is left. Answers with those charges, all of them given back.
 */
async function giveBack(
  { gateway, store }: PaymentPorts,
  { requestId, orderId }: ApplyPayment | RefundPayment,
  chosen: (charge: GatewayCharge) => boolean,
): Promise<readonly GatewayCharge[]> {
  const charges = (await gateway.chargesOf(orderId)).filter(chosen);
  for (const { chargeId, amount, refunded, idempotencyKey } of charges) {
    if (refunded < amount) {
      const back = await gateway.refund({
        idempotencyKey: `${requestId}/${chargeId}`,
        chargeId,
        amount: amount - refunded,
      });
      if (!back) throw new Error(`Somebody else is giving back charge ${chargeId}; asking again shows the result.`);
    }
    await store.returned(orderId, { requestId: idempotencyKey, chargeId, refunded: amount });
  }
  return charges;
}

function sumOf(charges: readonly GatewayCharge[]): Money | null {
  const [first] = charges;
  if (!first) return null;
  return { amount: charges.reduce((sum, charge) => sum + charge.amount, 0), currency: first.currency };
}
