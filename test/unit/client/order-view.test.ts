import { describe, expect, test } from 'vitest';
import { summaryOf, viewOf } from '../../../app/order-view.ts';
import type { OrderRecord } from '../../../app/reads/orders.ts';
import type { Progress } from '../../../contracts/mediators/order-mediator.ts';
import type { StepNumber, StepRecord } from '../../../contracts/mediators/steps.ts';

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

const kept: OrderRecord = {
  orderId: 'ord-1',
  requestId: 'req-00000001',
  workflowId: 'order/req-00000001',
  customerId: 'c-1',
  state: 'open',
  reason: null,
  holds: [],
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
  state: 'compensating',
  step: 2,
  holdReason: null,
  holds: [],
  total,
  steps: [record(1), record(2)],
  reason: 'The card was declined.',
  notes: ['A cancellation came too late.'],
};

const hold = {
  reason: 'payment',
  step: 2,
  command: 'apply-payment',
  message: 'The card was declined.',
  help: 'Pay with another card.',
  since: '2026-11-23T04:00:02.000Z',
  deadline: '2026-11-30T04:00:02.000Z',
} as const;

const contents = {
  lines: [{ isbn: '9780134685991', quantity: 2, title: 'Effective Java' }],
  shipTo: { name: 'Ada', street: '1 Main', city: 'Bergen', postcode: '5003', country: 'NO' },
  shipment: { carrier: 'Northway Parcel', method: 'parcel', trackingNumber: 'OM1' },
  unreachableSince: null,
} as const;

const nothing = {
  facts: [],
  actions: [],
  contents: { lines: [], shipTo: null, shipment: null, unreachableSince: null },
};

describe('an order that is under way', () => {
  test('is told by its mediator', () => {
    expect(viewOf(kept, progress, nothing)).toMatchObject({
      state: 'compensating',
      step: 2,
      total,
      reason: progress.reason,
    });
    expect(viewOf(kept, progress, nothing).steps).toEqual(progress.steps);
  });

  test('is told by the ledger while its mediator is silent', () => {
    expect(viewOf(kept, undefined, nothing)).toMatchObject({ state: 'open', step: 0, total: null, steps: [] });
  });
});

describe('an order that is held', () => {
  const held = { ...kept, state: 'held', holds: [{ ...hold, holdId: 'ord-1/apply-payment/1@x' }] } as const;

  test("is told by the ledger while its mediator is silent, without the ledger's own id", () => {
    expect(summaryOf(held, undefined)).toMatchObject({ state: 'held', holdReason: 'payment', holds: [hold] });
    expect(Object.keys(summaryOf(held, undefined).holds[0] ?? {})).toEqual(Object.keys(hold));
  });

  test('is told by its mediator, who knows that it goes on', () => {
    expect(summaryOf(held, { ...progress, state: 'open' })).toMatchObject({
      state: 'open',
      holdReason: null,
      holds: [],
    });
  });
});

test('what people did, and what they asked too late, is told', () => {
  const action = {
    actionId: 'u-1',
    action: 'cancel',
    actor: null,
    details: {},
    at: '2026-11-23T04:00:00.000Z',
  } as const;
  const view = viewOf(kept, progress, { ...nothing, actions: [action] });
  expect(view).toMatchObject({ actions: [action], notes: progress.notes });
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
  expect(Object.keys(viewOf(kept, progress, nothing))).toEqual(
    names.concat('reason', 'steps', 'facts', 'actions', 'notes', 'lines', 'shipTo', 'shipment', 'unreachableSince'),
  );
});

test('facts are told by name, sequence and instant, whatever else is known of them', () => {
  const fact = { name: 'order-created', sequence: 1, at: '2026-11-23T04:00:00.000Z', position: 7 } as const;
  const { position: _, ...promised } = fact;
  expect(viewOf(kept, undefined, { ...nothing, facts: [fact] }).facts).toEqual([promised]);
});

test('what an order is now is told with its names in one order, and as nothing before step 1', () => {
  const { lines, shipTo, shipment } = contents;
  const [{ title, quantity, isbn }] = lines;
  const { country, city, ...rest } = shipTo;
  const asJsonb = {
    lines: [{ title, quantity, isbn }],
    shipTo: { country, city, ...rest },
    shipment: { ...shipment },
    unreachableSince: null,
  };
  const view = viewOf(kept, progress, { ...nothing, contents: asJsonb });
  expect(JSON.stringify([view.lines, view.shipTo, view.shipment])).toBe(JSON.stringify([lines, shipTo, shipment]));
  expect(viewOf(kept, undefined, nothing)).toMatchObject({ lines: [], shipTo: null, shipment: null });
});
