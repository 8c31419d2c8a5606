import { expect } from 'vitest';
import { createPaymentProcessor } from '../../../activities/payment/processor.ts';
import { createCardGateway, type CardGateway } from '../../../activities/payment/card-gateway.ts';
import type { Money } from '../../../contracts/money.ts';
import type { ApplyPayment, PaymentProcessor, RefundPayment } from '../../../contracts/payment.ts';
import { createPaymentStore, type PaymentStore } from '../../../activities/payment/store.ts';
import { createReturnRefunds } from '../../../activities/payment/return-refunds.ts';
import type { Workbench } from './workbench.ts';

/** A payment processor on a bench, with what a test needs to do half of its work only. */
export interface PaymentDesk {
  readonly processor: PaymentProcessor;
  readonly gateway: CardGateway;
  readonly store: PaymentStore;
  /** The state of the charge that a command intended; undefined when there is none. */
  stateOf(command: ApplyPayment): Promise<string | undefined>;
  /** What an order's facts say it has paid: applied less refunded. */
  toldOf(orderId: string): Promise<number>;
  /** Fails unless the gateway, the facts and our own charges all say that so much is charged for the order. */
  expectCharged(orderId: string, amount: number): Promise<void>;
}

export function openPaymentDesk(bench: Workbench): PaymentDesk {
  const gateway = createCardGateway(bench.rig.cardGateway.url);
  const store = createPaymentStore(bench.database);
  const sumOf = async (query: string, orderId: string) =>
    (await bench.sql<{ sum: number }>(query, [orderId]))[0]?.sum ?? 0;
  const toldOf = (orderId: string) => sumOf(told, orderId);
  return {
    gateway,
    store,
    processor: createPaymentProcessor({ gateway, store, returns: createReturnRefunds(bench.database) }),
    toldOf,
    async stateOf({ requestId }) {
      const query = 'SELECT state FROM payment.charge WHERE request_id = $1';
      return (await bench.sql<{ state: string }>(query, [requestId]))[0]?.state;
    },
    async expectCharged(orderId, amount) {
      const charged = { gateway: bench.rig.cardGateway.balance(orderId), facts: await toldOf(orderId) };
      expect({ ...charged, books: await sumOf(booked, orderId) }).toEqual({
        gateway: amount,
        facts: amount,
        books: amount,
      });
    },
  };
}

const told = `SELECT coalesce(sum((body->'amount'->>'amount')::int * CASE name WHEN 'payment-applied' THEN 1 ELSE -1 END), 0)::int AS sum
  FROM outbox.fact WHERE key = $1 AND name IN ('payment-applied', 'payment-refunded')`;

const booked = `SELECT coalesce(sum(amount - refunded_amount), 0)::int AS sum
  FROM payment.charge WHERE order_id = $1 AND state IN ('applied', 'returned')`;

export const euros = (amount: number): Money => ({ amount, currency: 'EUR' });

/** The command of a round. */
export const applying = (orderId: string, round: number, amount: number, card = 'card_ok'): ApplyPayment => ({
  requestId: `${orderId}/apply-payment/${round}`,
  orderId,
  round,
  amount: euros(amount),
  card,
});

export const refunding = (orderId: string): RefundPayment => ({ requestId: `${orderId}/refund-payment/1`, orderId });

/** What a worker that died leaves behind: the intent, and a charge that was asked for and lands only now. */
export const landsLate = ({ gateway }: PaymentDesk, command: ApplyPayment): Promise<unknown> =>
  gateway.charge({ ...command, idempotencyKey: command.requestId });
