import type { WentBack } from '../../contracts/payment.ts';
import type { PaymentStore } from './store.ts';
import type { CardGateway, GatewayCharge } from './card-gateway.ts';

export interface PaymentPorts {
  readonly gateway: CardGateway;
  readonly store: PaymentStore;
}

/** The command for which money goes back: the gateway's keys are made of its request id. */
interface GivingBack {
  readonly requestId: string;
  readonly orderId: string;
}

/** The refunds of these charges that we did not make, oldest first: our keys begin with the order's id. */
export const wentBackElsewhere = (orderId: string, charges: readonly GatewayCharge[]): readonly WentBack[] =>
  charges
    .flatMap(({ currency, refunds }) =>
      refunds
        .filter(({ idempotencyKey }) => !idempotencyKey.startsWith(`${orderId}/`))
        .map(({ amount, at }) => ({ amount: { amount, currency }, at })),
    )
    .toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));

/** The amount of a charge that is not given back, in minor units. */
export const leftOf = ({ amount, refunded }: GatewayCharge): number => amount - refunded;

/**
 * Gives back the rest of the order's chosen charges, and records it. Safe to repeat: the gateway's books say how much
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

/** A charge that came too late, after its compensation or after a later round, reverses itself. */
export const giveBackOwn = (ports: PaymentPorts, by: GivingBack): Promise<readonly GatewayCharge[]> =>
  giveBackAll(ports, by, (charge) => charge.idempotencyKey === by.requestId);

/**
 * Gives back a part of a charge, and records the total given back so far, with refunds that were cut off before they
 * were recorded.
 */
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
