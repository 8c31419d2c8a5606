import type { PaymentRefunded, RefundReturn, WentBack } from '../../contracts/payment.ts';
import type { PlannedRefund, RefundPlan, ReturnRefunds } from './return-refunds.ts';
import { answerOf } from '../kit/refuse.ts';
import type { GatewayCharge } from './card-gateway.ts';
import { giveBack, leftOf, wentBackElsewhere, type PaymentPorts } from './give-back.ts';

/** The ports of a return's refund. */
export interface ReturnRefundPorts extends PaymentPorts {
  readonly returns: ReturnRefunds;
}

/**
 * Gives back an amount of the order's settled charges, once. What has gone back without us is not given back again. The
 * plan holds the total refund of each charge, so that the next attempt finishes one that was cut off: the gateway's
 * books say which refunds are done. While another refund of the order is open this one is a fault.
 */
export async function refundReturn(ports: ReturnRefundPorts, command: RefundReturn): Promise<PaymentRefunded> {
  const begun = await ports.returns.begin(command);
  if (begun.standing === 'known') return answerOf(begun.outcome);
  if (begun.standing === 'busy') {
    throw new Error(`Another return of ${command.orderId} is being refunded; asking again is safe.`);
  }
  const charges = await ports.gateway.chargesOf(command.orderId);
  const settled = await ports.store.settledCharges(command.orderId);
  const counted = charges.filter(({ idempotencyKey }) => settled.has(idempotencyKey));
  const { parts, already } = begun.plan ?? (await makePlan(ports, command, charges, counted));
  for (const charge of counted) {
    const wanted = parts.find(({ chargeId }) => chargeId === charge.chargeId);
    await giveBack(ports, command, charge, Math.max(0, (wanted?.refunded ?? 0) - charge.refunded));
  }
  const sum = parts.reduce((total, { part }) => total + part, 0);
  const refunded = sum > 0 ? { ...command.amount, amount: sum } : null;
  return answerOf(await ports.returns.settle(command, { refunded, ...(already.length > 0 ? { already } : {}) }));
}

async function makePlan(
  { returns }: ReturnRefundPorts,
  command: RefundReturn,
  charges: readonly GatewayCharge[],
  counted: readonly GatewayCharge[],
): Promise<RefundPlan> {
  const { orderId, amount } = command;
  const { paid, refunded, counted: before } = await returns.standing(command);
  // A refund from before the last round was charged again by it, or was part of what the order had become cheaper by.
  const since = paid - refunded - counted.reduce((sum, charge) => sum + leftOf(charge), 0);
  const went = wentBackElsewhere(orderId, charges);
  const skip = sumOf(went) - Math.max(0, since) + before;
  const already = stillToCount(went, skip, amount.amount);
  return returns.plan(command, { parts: planRefund(counted, amount.amount - sumOf(already)), already });
}

/**
 * Of what went back without us, oldest first, the part that counts for a return of this amount: so much of it is
 * settled otherwise. Pure.
 */
export function stillToCount(went: readonly WentBack[], settled: number, amount: number): readonly WentBack[] {
  const found: WentBack[] = [];
  let [skip, rest] = [settled, amount];
  for (const { amount: one, at } of went) {
    const skipped = Math.min(one.amount, skip);
    const part = Math.min(one.amount - skipped, rest);
    if (part > 0) found.push({ amount: { ...one, amount: part }, at });
    skip -= skipped;
    rest -= part;
  }
  return found;
}

const sumOf = (went: readonly WentBack[]): number => went.reduce((sum, { amount }) => sum + amount.amount, 0);

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
