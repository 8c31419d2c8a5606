import type { DenialReason } from '../../contracts/failures.ts';
import type { Money } from '../../contracts/money.ts';
import { callService, codeOf, lasting, type ServiceReply } from '../kit/call-service.ts';

/** A charge in the gateway's books. */
export interface GatewayCharge {
  readonly chargeId: string;
  readonly idempotencyKey: string;
  readonly amount: number;
  readonly currency: Money['currency'];
  /** The amount given back so far, in minor units, by us or by others. */
  readonly refunded: number;
  /** Oldest first. `at` is ISO 8601. */
  readonly refunds: readonly { readonly idempotencyKey: string; readonly amount: number; readonly at: string }[];
}

interface ChargeOrder {
  readonly idempotencyKey: string;
  readonly orderId: string;
  readonly amount: Money;
  readonly card: string;
}

interface RefundOrder {
  readonly idempotencyKey: string;
  readonly chargeId: string;
  readonly amount: number;
}

/**
 * The card gateway. Every method throws a fault when it cannot say what happened; a repeat is safe. A key that the
 * gateway knows with other content is a lasting fault.
 */
export type CardGateway = ReturnType<typeof createCardGateway>;

/** The gateway over HTTP. */
export const createCardGateway = (url: string) => {
  const call = callService('card gateway', url);
  return {
    /**
     * Charges the card once per key, as long as the gateway remembers keys (a day): look up by order before charging
     * again.
     */
    async charge(order: ChargeOrder): Promise<{ readonly chargeId: string } | { readonly denied: DenialReason }> {
      const { idempotencyKey, orderId, amount, card } = order;
      const body = { orderId, amount: amount.amount, currency: amount.currency, card };
      const reply = await call('POST', '/charges', { idempotencyKey, body, expect: [201, 402] });
      if (reply.status === 402) return { denied: reasonOf(reply) };
      return { chargeId: (reply.body as { chargeId: string }).chargeId };
    },
    /** Every charge made for the order, oldest first. */
    async chargesOf(orderId: string): Promise<readonly GatewayCharge[]> {
      const reply = await call('GET', `/charges?orderId=${encodeURIComponent(orderId)}`, { expect: [200] });
      return (reply.body as { charges: GatewayCharge[] }).charges;
    },
    /** Gives money back once per key. False when less than that is left, because another refund was faster. */
    async refund({ idempotencyKey, chargeId, amount }: RefundOrder): Promise<boolean> {
      const path = `/charges/${encodeURIComponent(chargeId)}/refunds`;
      const reply = await call('POST', path, { idempotencyKey, body: { amount }, expect: [201, 409] });
      if (reply.status === 409 && codeOf(reply) !== 'over_refund')
        throw lasting(`The card gateway answered 409 to POST ${path}.`);
      return reply.status === 201;
    },
    /** True when such a card exists. Its issuer may still decline it. */
    async knows(card: string): Promise<boolean> {
      const shownAs = '/cards/…';
      return (await call('GET', `/cards/${encodeURIComponent(card)}`, { expect: [200, 404], shownAs })).status === 200;
    },
  };
};

const reasons: readonly DenialReason[] = ['card_expired', 'insufficient_funds', 'denied', 'unknown_card'];

function reasonOf(reply: ServiceReply): DenialReason {
  const code = codeOf(reply);
  const reason = reasons.find((known) => known === code);
  if (!reason) throw lasting('The card gateway declined for a reason that is not known here.');
  return reason;
}
