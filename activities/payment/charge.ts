import type { Money } from '../../contracts/money.ts';
import type { ApplyPayment } from '../../contracts/payment.ts';
import type { ChargeResult } from './settlement.ts';
import type { GatewayCharge } from './card-gateway.ts';
import { giveBack, leftOf, type PaymentPorts } from './give-back.ts';

/** Charges this amount under the command's own key. */
export async function charge({ gateway }: PaymentPorts, command: ApplyPayment, amount: Money): Promise<ChargeResult> {
  const { requestId, orderId, card } = command;
  const reply = await gateway.charge({ idempotencyKey: requestId, orderId, amount, card });
  return 'denied' in reply ? { ...reply, amount } : { charged: { ...reply, amount } };
}

/**
 * Brings the charged amount to the command's amount, by the gateway's books: they are the truth, because keys expire
 * and answers get lost. The round has begun, so no earlier one settles any more: every attempt comes to the same
 * result, wherever the one before was cut off.
 */
export async function bringToAmount(ports: PaymentPorts, command: ApplyPayment): Promise<ChargeResult> {
  const { requestId, orderId, amount: total } = command;
  const settled = await ports.store.settledCharges(orderId);
  const charges = await ports.gateway.chargesOf(orderId);
  const isOwn = ({ idempotencyKey }: GatewayCharge) => idempotencyKey === requestId;
  const counts = (one: GatewayCharge) => isOwn(one) || settled.has(one.idempotencyKey);
  // A late success of an old card, which no answer had reported.
  for (const late of charges.filter((one) => !counts(one))) await giveBack(ports, command, late, leftOf(late));
  const counted = charges.filter(counts);
  const missing = total.amount - counted.reduce((sum, one) => sum + leftOf(one), 0);
  const own = counted.find(isOwn);
  await giveBackSurplus(ports, command, counted, -missing);
  if (missing > 0 && !own) return charge(ports, command, { ...total, amount: missing });
  return { charged: own ? { chargeId: own.chargeId, amount: { ...total, amount: own.amount } } : null };
}

/** Gives back from the newest charge first. It also records the refunds of an attempt that was cut off. */
async function giveBackSurplus(
  ports: PaymentPorts,
  command: ApplyPayment,
  counted: readonly GatewayCharge[],
  surplus: number,
): Promise<void> {
  let rest = surplus;
  for (const one of counted.toReversed()) {
    const part = Math.max(0, Math.min(leftOf(one), rest));
    await giveBack(ports, command, one, part);
    rest -= part;
  }
}
