import { describe, expect, test } from 'vitest';
import type { OrderView } from '../../../contracts/views.ts';
import type { FactName } from '../../../contracts/facts.ts';
import type { Scenario } from '../../../demo/scenarios.ts';
import { faultsIn, hasAllFacts, type Played } from '../../../demo/verdict.ts';

const scenario: Scenario = {
  name: 'completed',
  about: 'one title',
  order: {
    customerId: 'c-1',
    lines: [{ isbn: '9780134685991', quantity: 1 }],
    card: 'card_ok',
    shipTo: { name: 'Ada', street: '1 Main', city: 'Bergen', postcode: '5003', country: 'NO' },
    currency: 'EUR',
  },
  timesAsked: 2,
  ends: 'completed',
  facts: ['order-created', 'email-sent', 'email-sent'],
  mayAlso: ['stock-ordered'],
};

const facts = (...names: readonly FactName[]) => names.map((name, at) => ({ name, key: 'ord-1', sequence: at + 1 }));

const step: OrderView['steps'][number] = {
  step: 1,
  command: 'create-order',
  processor: 'order-placement',
  requestId: 'req-00000001/create-order',
  askedAt: '2026-11-23T04:00:00.000Z',
  acknowledgedAt: '2026-11-23T04:00:00.100Z',
  attempt: 1,
  refusal: null,
};

const view: OrderView = {
  orderId: 'ord-1',
  requestId: 'req-00000001',
  workflowId: 'order/req-00000001',
  customerId: 'c-1',
  state: 'completed',
  step: 5,
  holdReason: null,
  holds: [],
  total: { amount: 2490, currency: 'EUR' },
  reason: null,
  steps: [step],
  facts: facts(...scenario.facts).map(({ name, sequence }) => ({ name, sequence, at: '2026-11-23T04:00:00.100Z' })),
  actions: [],
  notes: [],
  lines: [],
  shipTo: null,
  shipment: null,
  unreachableSince: null,
};

const played: Played = {
  orderIds: ['ord-1', 'ord-1'],
  refusal: undefined,
  view,
  facts: facts(...scenario.facts),
};

const faults = (changes: Partial<Played>) => faultsIn(scenario, { ...played, ...changes }).join(' ');

describe('a scenario is as it should be', () => {
  test('when its order, its steps and its facts are', () => expect(faults({})).toBe(''));

  test('when a fact that depends on the stock came too, with a key of its own', () => {
    const restocked = { name: 'stock-ordered', key: '9780134685991', sequence: 7 } as const;
    expect(faults({ facts: [...played.facts, restocked] })).toBe('');
  });

  test('when it should be refused and was', () => {
    const refused = { orderIds: [], refusal: 'There is no such title.', view: undefined, facts: [] };
    expect(faultsIn({ ...scenario, ends: 'refused' }, refused)).toEqual([]);
    expect(faultsIn({ ...scenario, ends: 'on the desk' }, refused)).toEqual([]);
  });
});

describe('a scenario is not as it should be', () => {
  test('when the same request became two orders', () => {
    expect(faults({ orderIds: ['ord-1', 'ord-2'] })).toContain('ord-1 and ord-2, not one order');
  });

  test('when its order ended otherwise, or has not ended', () => {
    expect(faults({ view: { ...view, state: 'cancelled', reason: 'No stock.' } })).toContain(
      'cancelled at step 5 (No stock.)',
    );
    expect(faults({ view: { ...view, state: 'open', step: 2 } })).toContain('open at step 2');
  });

  test('when a command was never acknowledged', () => {
    const waiting = { ...step, acknowledgedAt: null, attempt: null };
    expect(faults({ view: { ...view, steps: [waiting] } })).toContain('create-order was asked of order-placement');
  });

  test('when a fact was not broadcast, also one of two of a kind', () => {
    expect(faults({ facts: facts('order-created', 'email-sent') })).toContain(
      'Not broadcast: email-sent; see whether the relay',
    );
  });

  test('when a fact was broadcast twice', () => {
    expect(faults({ facts: facts(...scenario.facts, 'order-created') })).toContain(
      'beyond what should be: order-created',
    );
  });

  test('when its facts came out of sequence', () => {
    const [first, ...rest] = played.facts;
    expect(faults({ facts: [...rest, ...(first ? [first] : [])] })).toContain('out of sequence');
  });

  test('when the order timeline did not receive what was broadcast', () => {
    expect(faults({ view: { ...view, facts: [] } })).toContain(
      'did not receive: order-created, email-sent, email-sent',
    );
  });

  test('when it should be on the repair desk and is not', () => {
    const nothing = { orderIds: [], refusal: undefined, view: undefined, facts: [] };
    expect(faultsIn({ ...scenario, ends: 'on the desk' }, nothing)).toEqual(['It did not come to the repair desk.']);
  });

  test('when it was accepted and should not have been, or the other way round', () => {
    expect(faultsIn({ ...scenario, ends: 'refused' }, played)).toEqual([
      'It was accepted, and should have been refused.',
    ]);
    expect(faults({ orderIds: [], refusal: 'No.', view: undefined, facts: [] })).toBe('It was refused: No.');
  });
});

test('facts are enough when each is there as often as it is needed', () => {
  expect(hasAllFacts(scenario, facts('email-sent', 'email-sent'))).toBe(false);
  expect(hasAllFacts(scenario, facts('email-sent', 'order-created', 'email-sent', 'order-shipped'))).toBe(true);
});
