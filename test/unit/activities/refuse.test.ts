import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { answerOf } from '../../../activities/kit/refuse.ts';
import { refusalTypes, type RefusalDetails, type RefusalType } from '../../../contracts/failures.ts';
import type { Refusal } from '../../../prisma/outcome.ts';

const details: { readonly [Type in RefusalType]: RefusalDetails[Type] } = {
  RequestIdTaken: { requestId: 'request-1' },
  CustomerBusy: { customerId: 'c-1' },
  UnknownCustomer: { customerId: 'c-99' },
  UnknownTitle: { isbns: ['9780000000001'] },
  UnknownMail: { messageId: '<1@example.com>', customerId: 'c-1' },
  CustomerIdTaken: { customerId: 'c-1' },
  NotReturnable: {
    orderId: 'ord-1',
    why: 'too-many',
    lines: [{ isbn: '9780000000001', asked: 2, possible: 1, bought: 1 }],
  },
  PaymentDenied: { reason: 'card_expired', amount: { amount: 100, currency: 'EUR' } },
  OutOfStock: { short: [{ isbn: '9780000000002', wanted: 2, onHand: 1 }] },
  NotPackable: { isbns: ['9780000000003'] },
  Undeliverable: { country: 'AQ', heaviestParcelGrams: 100 },
  UnknownCard: { requestId: 'request-1/check-card' },
  Superseded: { requestId: 'ord-1/apply-payment/1' },
  AlreadyUndone: { requestId: 'ord-1/apply-payment/1' },
};

const thrown = (refusal: Refusal): unknown => {
  try {
    return answerOf({ refusal });
  } catch (error) {
    return error;
  }
};

describe('refusals', () => {
  it.each(refusalTypes)('%s is a failure of that type, not retried, with its details and one sentence', (type) => {
    const error = thrown({ type, details: details[type] } as Refusal);
    expect(error).toBeInstanceOf(ApplicationFailure);
    const failure = error as ApplicationFailure;
    expect(failure).toMatchObject({ type, nonRetryable: true, details: [details[type]] });
    expect(failure.message).toMatch(/^[A-Z].*\.$/);
  });

  it('gives an answer as it is', () => {
    expect(answerOf({ answer: { orderId: 'ord-1' } })).toEqual({ orderId: 'ord-1' });
  });
});
