import type { Command } from './commands.ts';
import type { Money } from './money.ts';

/** Work done on `payment-queue`. Every command is safe to repeat with the same `requestId`. */
export interface PaymentProcessor {
  /** Charges the card once per `requestId`. Refused with `PaymentDenied` when the issuer says no. Facts: `payment-applied`, `payment-denied`. */
  applyPayment(command: ApplyPayment): Promise<PaymentApplied>;
  /** Gives back what was charged for the order; does nothing when nothing was. A charge that arrives later gives itself back. Fact: `payment-refunded`. */
  refundPayment(command: RefundPayment): Promise<PaymentRefunded>;
}

export interface ApplyPayment extends Command {
  /** What to charge; more than nothing. */
  readonly amount: Money;
  /** The gateway's token. */
  readonly card: string;
}

export interface PaymentApplied {
  /** The gateway's own id of the charge. */
  readonly chargeId: string;
  readonly amount: Money;
}

export type RefundPayment = Command;

export interface PaymentRefunded {
  /** What went back, over all charges of the order; null when nothing had been charged. */
  readonly refunded: Money | null;
}
