import { describe, expect, it } from 'vitest';
import { decide } from '../../../workflows/order/decide.ts';
import { needsApproval } from '../../../workflows/order/hold-rules.ts';
import { evolve } from '../../../workflows/order/evolve.ts';
import { progressOf, waitingHolds, type Order } from '../../../workflows/order/state.ts';
import type { OrderEvent } from '../../../workflows/order/events.ts';
import {
  again,
  amended,
  at,
  cancelled,
  costing,
  done,
  event,
  given,
  howOf,
  placed,
  received,
  recovered,
} from '../../support/order-events.ts';

const why = '3 cards of the customer were declined in a short time.';
const sentence = `Fraud is suspected: ${why}`;
const suspected: OrderEvent = { type: 'suspected', suspicionId: 'fact-1', why };
const another: OrderEvent = { type: 'suspected', suspicionId: 'fact-2', why };
const wanted: OrderEvent = { type: 'approval-wanted', at };
const approved: OrderEvent = { type: 'approved', actor: 'Robin' };
const after = (order: Order, ...events: readonly OrderEvent[]): Order => events.reduce(evolve, order);
const holdIn = (order: Order) => order.holds[0] ?? expect.fail('no hold');

describe('an order of a customer of whom fraud is suspected', () => {
  it('needs an approval before its next step, and nothing is done before', () => {
    const { order, commands } = given(...placed).when(suspected);
    expect(commands).toEqual([]);
    expect(needsApproval(order)).toBe(true);
    expect(progressOf(order)).toMatchObject({ state: 'open', notes: [sentence] });
  });

  it('is held for the approval with why', () => {
    const { order, commands } = given(...placed, suspected).when(wanted);
    expect(done(commands)).toEqual(['wait']);
    expect(order.holds).toMatchObject([{ reason: 'approval', message: sentence }]);
  });

  it('goes on when it is approved, and is not held again for the same suspicion', () => {
    const { order, commands } = given(...placed, suspected, wanted).when(approved);
    expect(commands).toMatchObject([{ do: 'write-action', action: { action: 'approve' } }]);
    expect(howOf(order, 'apply-payment')).toEqual({ how: 'done', by: 'approve' });
    const told = after(order, suspected);
    expect([needsApproval(told), told.notes]).toEqual([false, [sentence]]);
  });

  it('is held once more for another suspicion, under another id, which has mails of its own', () => {
    const first = given(...placed, suspected).when(wanted).order;
    const over = after(first, approved, { type: 'hold-over', hold: holdIn(first) }, another, wanted);
    expect(waitingHolds(over)).toMatchObject([{ reason: 'approval' }]);
    expect(holdIn(over).holdId.split('@')[0]).not.toBe(holdIn(first).holdId.split('@')[0]);
  });

  it('is not cleared by an approval that was waited for before, or by an amendment', () => {
    const dear = given(...placed, costing(300_000), wanted, suspected);
    expect(needsApproval(dear.when(approved).order)).toBe(true);
    const held = given(...placed, suspected, wanted).when(amended({ lines: event.lines }, 2490)).order;
    expect(waitingHolds(held)).toHaveLength(1);
  });

  it('is undone when it is cancelled', () => {
    const { order } = given(...placed, suspected, wanted).when(cancelled);
    expect(progressOf(order)).toMatchObject({ state: 'compensating', reason: cancelled.why });
  });

  it('is undone when it is not approved in time', () => {
    const held = given(...placed, suspected).when(wanted).order;
    const { cancelled: ending } = evolve(held, { type: 'deadline-passed', hold: holdIn(held) });
    expect(ending?.reason).toBe('It was not approved in time.');
  });

  it('waits from the signal on, also when that came before step 1 was done', () => {
    expect(
      needsApproval(given(received, suspected, ...placed.slice(1)).when({ type: 'step-begun', step: 2 }).order),
    ).toBe(true);
  });
});

describe('a suspicion that comes too late', () => {
  const shipment = { carrier: 'Postal', method: 'letter', trackingNumber: 'T-1', trackingUrl: 'https://example.org' };
  const shipped = { type: 'answered', answers: { shipment } } as unknown as OrderEvent;

  it.each([
    ['is shipped', [shipped]],
    ['is being undone', [cancelled]],
    ['ends', [{ type: 'ending' } as const]],
  ] as const)('is only noted by an order that %s', (_, events) => {
    const { order, commands } = given(...placed, ...events).when(suspected);
    expect(commands).toEqual([]);
    expect(order.suspected).toBeNull();
    expect(order.notes).toEqual([`${sentence} It is too late to hold the order.`]);
    expect(after(order, suspected).notes).toHaveLength(1);
  });
});

describe('an order whose workflow was lost while it waited', () => {
  const hold = holdIn(given(...placed, suspected).when(wanted).order);

  it('waits on at the hold that is stored, and is not mailed again', () => {
    const order = given(recovered({ holds: [hold] }), ...again).when({ type: 'step-begun', step: 1 }).order;
    expect(needsApproval(order)).toBe(true);
    expect(decide(order, wanted)).toMatchObject([{ do: 'wait', hold, isRecovered: true }]);
    const held = evolve(order, wanted);
    expect([held.holds, held.recoveredHolds]).toEqual([[hold], []]);
    expect(needsApproval(evolve(held, approved))).toBe(false);
  });

  it('closes a stored approval that it needs no more, once the other one is given', () => {
    const dear = given(...placed, costing(300_000)).when(wanted).order;
    const order = given(recovered({ holds: [holdIn(dear)] }), ...again).when(suspected).order;
    const held = after(order, wanted, approved);
    expect(decide(held, { type: 'approval-unneeded' })).toMatchObject([{ do: 'write-resumed', by: 'approve' }]);
    expect(evolve(held, { type: 'approval-unneeded' }).recoveredHolds).toEqual([]);
  });
});
