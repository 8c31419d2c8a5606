import { describe, expect, test } from 'vitest';
import { summaryOf, viewOf } from '../../../client/order-view.ts';
import type { LedgerOrder } from '../../../prisma/read/orders.ts';
import type { Progress, StepNumber, StepRecord } from '../../../contracts/order-mediator.ts';

const total = { amount: 2490, currency: 'EUR' } as const;

const record = (step: StepNumber): StepRecord => ({
  step,
  command: 'apply-payment',
  processor: 'payment',
  requestId: `ord-1/apply-payment/${step}`,
  askedAt: '2026-11-23T04:00:00.000Z',
  acknowledgedAt: null,
  attempt: null,
  refusal: null,
});

const kept: LedgerOrder = {
  orderId: 'ord-1',
  requestId: 'req-00000001',
  workflowId: 'order/req-00000001',
  customerId: 'c-1',
  state: 'open',
  reason: null,
  total: null,
  steps: null,
  mediatorClass: 'hard',
  receivedAt: '2026-11-23T04:00:00.000Z',
  finishedAt: null,
};

const progress: Progress = {
  orderId: 'ord-1',
  requestId: 'req-00000001',
  customerId: 'c-1',
  state: 'undoing',
  step: 2,
  holdReason: null,
  holds: [],
  total,
  steps: [record(1), record(2)],
  reason: 'The card was declined.',
};

describe('an order that is under way', () => {
  test('is told by its mediator', () => {
    expect(viewOf(kept, progress, [])).toMatchObject({ state: 'undoing', step: 2, total, reason: progress.reason });
    expect(viewOf(kept, progress, []).steps).toEqual(progress.steps);
  });

  test('is told by the ledger while its mediator is silent', () => {
    expect(viewOf(kept, undefined, [])).toMatchObject({ state: 'open', step: 0, total: null, steps: [] });
  });
});

describe('an order that has ended', () => {
  const ended = { ...kept, total, steps: [record(1), record(2)] };

  test('is told by the ledger, whatever a mediator says', () => {
    expect(summaryOf({ ...ended, state: 'completed' }, progress)).toMatchObject({ state: 'completed', step: 5 });
  });

  test('has come as far as the last step anything was asked in, when it was cancelled', () => {
    expect(summaryOf({ ...ended, state: 'cancelled' }, undefined)).toMatchObject({ state: 'cancelled', step: 2 });
  });
});

test('scripts find exactly the promised names', () => {
  const names = 'orderId requestId workflowId customerId state step holdReason holds total'.split(' ');
  expect(Object.keys(summaryOf(kept, progress))).toEqual(names);
  expect(Object.keys(viewOf(kept, progress, []))).toEqual([...names, 'reason', 'steps', 'facts']);
});

test('facts are told by name, sequence and instant, whatever else is known of them', () => {
  const fact = { name: 'order-created', sequence: 1, at: '2026-11-23T04:00:00.000Z', position: 7 };
  const { position: _, ...promised } = fact;
  expect(viewOf(kept, undefined, [fact]).facts).toEqual([promised]);
});
