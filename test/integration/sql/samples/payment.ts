import {
  intendRefund,
  keepPlan,
  refundIntent,
  settleRefund,
  standingBefore,
} from '../../../../activities/payment/return-refunds.ts';
import { settleRound, recordGivenBack } from '../../../../activities/payment/settlement.ts';
import { answerRefund, beginCharge, unsettledIntents } from '../../../../activities/payment/store.ts';
import { sample } from '../describe.ts';

const amount = { amount: 100, currency: 'EUR' } as const;
const command = { requestId: 'ord-1/apply-payment/1', orderId: 'ord-1', round: 1, amount, card: 'card_ok' };
const back = { requestId: 'ord-1/refund-return/1', orderId: 'ord-1', amount };
const which = { olderThanSeconds: 60, atMost: 100, after: null };

export const samples = [
  sample(beginCharge, command),
  sample(settleRound, command, { charged: { chargeId: 'ch-1', amount } }),
  sample(settleRound, command, { charged: null }),
  sample(settleRound, command, { denied: 'denied', amount }),
  sample(recordGivenBack, 'ord-1', { requestId: command.requestId, chargeId: 'ch-1', amount: 100, refunded: 50 }),
  sample(answerRefund, command, { refunded: amount }),
  sample(unsettledIntents, which),
  sample(unsettledIntents, { ...which, after: { requestId: command.requestId, intendedAt: '2026-01-01T00:00:00Z' } }),
  sample(intendRefund, back),
  sample(refundIntent, back),
  sample(keepPlan, back.requestId, { parts: [{ chargeId: 'ch-1', refunded: 100, part: 100 }], already: [] }),
  sample(standingBefore, back),
  sample(settleRefund, back, { refunded: null }),
];
