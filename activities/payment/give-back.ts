import type { PaymentStore } from './store.ts';
import type { CardGateway, GatewayCharge } from './card-gateway.ts';

export interface PaymentPorts {
  readonly gateway: CardGateway;
  readonly store: PaymentStore;
}

/** On whose behalf money goes back: the gateway's keys are made of the request id. */
interface GivingBack {
  readonly requestId: string;
  readonly orderId: string;
}

/** What is left of a charge, in minor units. */
export const leftOf = ({ amount, refunded }: GatewayCharge): number => amount - refunded;

/**
 * Gives back what the gateway holds of the order's chosen charges, and writes it down. Safe to repeat: the gateway's books say what
 * is left. Answers with those charges, all of them given back.
 */
export async function giveBackAll(
  ports: PaymentPorts,
  by: GivingBack,
  chosen: (charge: GatewayCharge) => boolean,
): Promise<readonly GatewayCharge[]> {
  const charges = (await ports.gateway.chargesOf(by.orderId)).filter(chosen);
  for (const charge of charges) await giveBack(ports, by, charge, leftOf(charge));
  return charges;
}

/** A charge that came too late, after its undo or after a later round, reverses itself. */
export const giveBackOwn = (ports: PaymentPorts, by: GivingBack): Promise<readonly GatewayCharge[]> =>
  giveBackAll(ports, by, (charge) => charge.idempotencyKey === by.requestId);

/** Gives back so much of a charge, and writes down what has gone back of it in all: also what was cut off before it was written. */
export async function giveBack(
  { gateway, store }: PaymentPorts,
  { requestId, orderId }: GivingBack,
  { chargeId, idempotencyKey, amount, refunded }: GatewayCharge,
  part: number,
): Promise<void> {
  if (part > 0) {
    const back = await gateway.refund({ idempotencyKey: `${requestId}/${chargeId}`, chargeId, amount: part });
    if (!back) throw new Error(`Somebody else is giving back charge ${chargeId}; asking again shows the result.`);
  }
  const inAll = refunded + part;
  if (inAll > 0) await store.returned(orderId, { requestId: idempotencyKey, chargeId, amount, refunded: inAll });
}
