/** What the gateway's ledger holds, one entry per thing that happened. Cards are not in it. */
export type GatewayEntry = ChargeEntry | DeclineEntry | RefundEntry | TryEntry;

interface Keyed {
  /** ISO 8601. */
  readonly at: string;
  readonly idempotencyKey: string;
}

export interface ChargeEntry extends Keyed {
  readonly type: 'charge';
  readonly chargeId: string;
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
  /** Hash of the body the key came with. */
  readonly fingerprint: string;
  /** Set when the first two tries of each of its refunds are answered with 503. */
  readonly refundsAreFlaky?: true;
}

export interface DeclineEntry extends Keyed {
  readonly type: 'decline';
  readonly orderId: string;
  readonly code: DeclineCode;
  readonly fingerprint: string;
}

export interface RefundEntry extends Keyed {
  readonly type: 'refund';
  readonly refundId: string;
  readonly chargeId: string;
  readonly amount: number;
}

/** A try that was answered with 503. */
export interface TryEntry extends Keyed {
  readonly type: 'try';
}

export type DeclineCode = 'card_expired' | 'insufficient_funds' | 'denied' | 'unknown_card';
