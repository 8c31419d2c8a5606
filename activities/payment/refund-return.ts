import type { PaymentRefunded, RefundReturn } from '../../contracts/payment.ts';
import type { PlannedRefund, ReturnRefunds } from './return-refunds.ts';
import { answerOf } from '../kit/refuse.ts';
import type { GatewayCharge } from './card-gateway.ts';
import { giveBack, leftOf, type PaymentPorts } from './give-back.ts';

/** The ports of a return's refund. */
export interface ReturnRefundPorts extends PaymentPorts {
  readonly returns: ReturnRefunds;
}

/**
 * Gives back an amount of the order's settled charges, once. The plan holds the total refund of each charge, so that
 * the next attempt finishes one that was cut off: the gateway's books say which refunds are done. While another refund
 * of the order is open this one is a fault.
 */
export async function refundReturn(ports: ReturnRefundPorts, command: RefundReturn): Promise<PaymentRefunded> {
  const begun = await ports.returns.begin(command);
  if (begun.standing === 'known') return answerOf(begun.outcome);
  if (begun.standing === 'busy') {
    throw new Error(`Another return of ${command.orderId} is being refunded; asking again is safe.`);
  }
  const charges = await ports.gateway.chargesOf(command.orderId);
  const plan = begun.plan ?? (await makePlan(ports, command, charges));
  for (const charge of charges) {
    const wanted = plan.find(({ chargeId }) => chargeId === charge.chargeId);
    if (wanted) await giveBack(ports, command, charge, Math.max(0, wanted.refunded - charge.refunded));
  }
  const sum = plan.reduce((total, { part }) => total + part, 0);
  const refunded = sum > 0 ? { ...command.amount, amount: sum } : null;
  return answerOf(await ports.returns.settle(command, { refunded }));
}

async function makePlan(
  { store, returns }: ReturnRefundPorts,
  command: RefundReturn,
  charges: readonly GatewayCharge[],
): Promise<readonly PlannedRefund[]> {
  const settled = await store.settledCharges(command.orderId);
  const counted = charges.filter(({ idempotencyKey }) => settled.has(idempotencyKey));
  return returns.plan(command, planRefund(counted, command.amount.amount));
}

/** Takes the amount from the rest of the charges, the newest first; never more than is left. Pure. */
export function planRefund(charges: readonly GatewayCharge[], amount: number): readonly PlannedRefund[] {
  const plan: PlannedRefund[] = [];
  let rest = amount;
  for (const charge of charges.toReversed()) {
    const part = Math.min(leftOf(charge), rest);
    if (part > 0) plan.push({ chargeId: charge.chargeId, refunded: charge.refunded + part, part });
    rest -= part;
  }
  return plan;
}
