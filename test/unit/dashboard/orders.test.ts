import { describe, expect, it } from 'vitest';
import type { Hold } from '../../../contracts/mediators/holds.ts';
import { possibleActions } from '../../../contracts/mediators/order-rules.ts';
import { timelineOf } from '../../../dashboard/server/orders/timeline.ts';
import type { StepRecord } from '../../../contracts/mediators/steps.ts';

const hold = (reason: Hold['reason'], command: Hold['command']) => ({ reason, command }) as Hold;
const step = (command: StepRecord['command'], of: Partial<StepRecord> = {}): StepRecord => ({
  step: 2,
  command,
  processor: 'payment',
  requestId: command,
  askedAt: '2026-11-23T08:00:00.000Z',
  acknowledgedAt: '2026-11-23T08:00:01.000Z',
  attempt: 1,
  refusal: null,
  ...of,
});

const shipped = [step('fulfill-order'), step('ship-order')];

describe('what an operator is offered', () => {
  it.each([
    ['open', [], [], ['cancel']],
    ['held', [hold('payment', 'apply-payment')], [], ['pay', 'amend', 'retry', 'cancel']],
    ['held', [hold('fault', 'email-customer')], [], ['amend', 'retry', 'skip', 'cancel']],
    ['held', [hold('fault', 'email-customer')], shipped, ['retry', 'skip', 'cancel']],
    ['held', [hold('approval', 'apply-payment')], [], ['approve', 'amend', 'cancel']],
    ['compensating', [hold('compensation', 'refund-payment')], [], []],
    ['completed', [], [], []],
    ['cancelled', [], [], []],
  ] as const)('for an order that is %s with %o', (state, holds, steps, possible) => {
    const done = [step('create-order'), ...steps];
    const order = { orderId: 'ord-1', requestId: 'req-1', state, holds, steps: done, total: null, reason: null };
    expect(possibleActions(order, 'Ada')).toEqual(possible);
  });
});

describe('the timeline of an order', () => {
  it('puts what happened in its order, and a refusal behind its command', () => {
    const rows = timelineOf({
      steps: [
        step('apply-payment', { refusal: 'PaymentDenied', acknowledgedAt: null, attempt: null }),
        step('adjust-inventory', { attempt: 3 }),
      ],
      facts: [{ name: 'inventory-updated', sequence: 2, at: '2026-11-23T08:00:01.000Z' }],
      holds: [
        {
          ...hold('payment', 'apply-payment'),
          step: 2,
          message: 'declined',
          since: '2026-11-23T08:00:00.500Z',
        },
      ],
      actions: [{ actionId: 'a', action: 'pay', actor: null, details: {}, at: '2026-11-23T09:00:00.000Z' }],
    });
    expect(rows.map(({ kind, name, detail }) => [kind, name, detail])).toEqual([
      ['command', 'apply-payment', 'payment'],
      ['command', 'adjust-inventory', 'payment'],
      ['refused', 'apply-payment', 'PaymentDenied'],
      ['held', 'payment', 'declined'],
      ['acknowledged', 'adjust-inventory', 'at attempt 3'],
      ['fact', 'inventory-updated', null],
      ['action', 'pay', 'the customer'],
    ]);
  });

  it('puts the answer of a step before the commands of the next one, which are asked at the same instant', () => {
    const [asked, heard] = ['2026-11-23T08:00:00.000Z', '2026-11-23T08:00:01.000Z'];
    const rows = timelineOf({
      steps: [
        step('create-order', { step: 1, askedAt: asked, acknowledgedAt: heard }),
        step('apply-payment', { step: 2, askedAt: heard, acknowledgedAt: null }),
      ],
      facts: [{ name: 'order-created', sequence: 1, at: heard }],
      holds: [],
      actions: [],
    });
    expect(rows.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'command create-order',
      'acknowledged create-order',
      'command apply-payment',
      'fact order-created',
    ]);
  });
});
