import type { Money } from './money.ts';
import type { Command } from './command.ts';

/** Work done on `payment-queue`. Every command is safe to repeat with the same `requestId`. */
export interface PaymentProcessor {
  /**
   * Brings the amount charged for the order to `amount`: charges the missing part, or gives the surplus back. Before it
   * charges an order anew, it asks the gateway for the charges that the order has already. A charge of an earlier round
   * that was not known here (an old card's late success) is given back. Refused with `PaymentDenied` when the issuer
   * says no, with `Superseded` when a later round came first. Facts: `payment-applied`, `payment-denied`,
   * `payment-refunded`.
   */
  applyPayment(command: ApplyPayment): Promise<PaymentApplied>;
  /**
   * Gives back everything charged for the order that has not gone back already; does nothing when nothing was charged.
   * A charge that arrives later gives itself back. Fact: `payment-refunded`.
   */
  refundPayment(command: RefundPayment): Promise<PaymentRefunded>;
  /**
   * Gives back this amount of the order's charges, the newest charge first; never more than is left of them. Answers
   * with the amount that went back. What went back without us counts, each amount for one return. Refunds of one order
   * are done one at a time. Fact: `payment-refunded`.
   */
  refundReturn(command: RefundReturn): Promise<PaymentRefunded>;
  /** Asks the gateway if it knows a card. Refused with `UnknownCard`. Changes nothing. */
  checkCard(command: CheckCard): Promise<CardChecked>;
  /**
   * Gives back charges that arrived after their order was compensated or paid otherwise, when the worker that asked for
   * them is gone. It looks at every intent older than `olderThanSeconds` that was never settled and cannot be any more.
   * Facts: `payment-refunded`.
   */
  reconcileCharges(command: ReconcileCharges): Promise<ChargesReconciled>;
}

export interface ApplyPayment extends Command {
  /** 1, 2, 3 …: the last part of the request id. A lower one that arrives late takes no effect. */
  readonly round: number;
  /** The order's total; more than nothing. */
  readonly amount: Money;
  /** The gateway's token. */
  readonly card: string;
}

export interface PaymentApplied {
  /** The gateway's own id of the charge; null when nothing had to be charged this time. */
  readonly chargeId: string | null;
  /** The amount charged for the order in all. */
  readonly amount: Money;
}

export type RefundPayment = Command;

export interface RefundReturn extends Command {
  /** More than nothing. */
  readonly amount: Money;
}

export interface PaymentRefunded {
  /** The amount that we gave back, over all charges of the order; null when nothing was left of them. */
  readonly refunded: Money | null;
  /** Refunds from before that count: they are not made again. Left out when there are none. */
  readonly already?: readonly WentBack[];
}

/** Money of a charge that went back without us: by a refund in the gateway's own dashboard, or by a dispute. */
export interface WentBack {
  readonly amount: Money;
  /** ISO 8601. */
  readonly at: string;
}

export interface CheckCard extends Command {
  readonly card: string;
}

export interface CardChecked {
  readonly known: true;
}

export interface ReconcileCharges {
  readonly requestId: string;
  readonly olderThanSeconds: number;
}

export interface ChargesReconciled {
  /** The orders that got money back. */
  readonly givenBack: readonly string[];
}
