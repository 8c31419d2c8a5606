import { describe, expect, it } from 'vitest';
import { decide } from '../../../workflows/order/decide.ts';
import { evolve } from '../../../workflows/order/evolve.ts';
import { progressOf, roundOf } from '../../../workflows/order/state.ts';
import type { OrderEvent } from '../../../workflows/order/events.ts';
import {
  at,
  event,
  given,
  begun,
  placed,
  costing,
  fault,
  failed,
  denied,
  outOfStock,
  cancelled,
  done,
  recovered,
  again,
  compensationsIn,
} from '../../support/order-events.ts';

describe('a cancel', () => {
  it('compensates the order, and is recorded with the decision', () => {
    const { order, commands } = given(...placed).when(cancelled);
    expect(progressOf(order)).toMatchObject({ state: 'compensating', reason: 'The customer cancelled it.' });
    expect(commands).toMatchObject([
      { do: 'write-action', isCancel: true, action: { actor: null, compensating: 'The customer cancelled it.' } },
    ]);
  });

  it('by an operator is recorded with the reason', () => {
    const byShop = {
      type: 'cancel-taken',
      why: 'The shop cancelled it: sold out.',
      actor: 'Robin',
      reason: 'sold out',
    } as const;
    expect(given(...placed).when(byShop).commands).toMatchObject([
      { action: { actor: 'Robin', details: { reason: 'sold out' } } },
    ]);
  });

  it('that comes twice is recorded twice, and the first reason stands', () => {
    const { order, commands } = given(...placed, cancelled).when({ ...cancelled, why: 'The shop cancelled it.' });
    expect(progressOf(order).reason).toBe('The customer cancelled it.');
    expect(commands).toMatchObject([{ isCancel: false }]);
    expect(commands[0]).not.toHaveProperty('action.compensating');
  });

  it('before the order has an id is not recorded: its compensation will be', () => {
    expect(given().when(cancelled).commands).toEqual([]);
  });

  it('does nothing to an order that is ending', () => {
    const { order } = given(...placed, { type: 'ending' }).when(cancelled);
    expect(order.cancelled).toBeNull();
  });
});

describe('a compensation', () => {
  const steps = ['apply-payment', 'adjust-inventory', 'fulfill-order', 'ship-order'] as const;
  it('takes back every command that was begun, newest first, and then tells the customer', () => {
    const { commands } = given(...placed, ...steps.map(begun), cancelled).when({ type: 'compensation-begun' });
    expect(compensationsIn(commands)).toEqual([
      'recall-shipment',
      'unpack-order',
      'release-inventory',
      'refund-payment',
      'cancel-order',
    ]);
    expect(commands.at(-1)).toEqual({ do: 'mail-cancellation' });
  });

  it('leaves alone what was never begun, and what has no compensation', () => {
    const events = [...placed, begun('email-customer'), begun('apply-payment'), begun('apply-payment'), cancelled];
    const { commands } = given(...events).when({ type: 'compensation-begun' });
    expect(compensationsIn(commands)).toEqual(['refund-payment', 'cancel-order']);
  });

  it('is written down first, unless the cancel was recorded with it', () => {
    const begin = { type: 'compensation-begun' } as const;
    expect(done(given(...placed, cancelled).when(begin).commands)[0]).toBe('write-compensating');
    expect(done(given(...placed, cancelled, { type: 'cancel-recorded' }).when(begin).commands)[0]).toBe('compensate');
  });

  it('ends every hold', () => {
    const { order } = given(...placed, denied, cancelled).when({ type: 'compensation-begun' });
    expect([order.holds, order.resumptions]).toEqual([[], {}]);
  });

  const requestId = 'o-1/refund-payment/1';
  const failing: OrderEvent = { ...failed('refund-payment', fault), type: 'compensation-failed' } as OrderEvent;

  it('that fails is shown as a hold without a deadline, once', () => {
    const first = given(...placed, cancelled).when(failing);
    expect(first.commands).toMatchObject([{ do: 'write-hold', hold: { reason: 'compensation', deadline: null } }]);
    expect(decide(first.order, failing)).toEqual([]);
    expect(evolve(first.order, failing).holds).toHaveLength(1);
  });

  it('that succeeds after it was shown is written down as resumed', () => {
    const { order, commands } = given(...placed, cancelled, failing).when({ type: 'compensation-done', requestId });
    expect(commands).toMatchObject([{ do: 'write-resumed', by: 'retry' }]);
    expect(order.holds).toEqual([]);
  });

  it('that succeeds at once is written down nowhere', () => {
    expect(given(...placed, cancelled).when({ type: 'compensation-done', requestId }).commands).toEqual([]);
  });
});

describe('an order whose workflow was lost', () => {
  const lost = given(...placed).when(denied).order.holds;
  it('goes on under the rounds it had come to, with the card given last, and can take everything back', () => {
    const { order } = given().when(recovered({ approved: 5_000 }));
    expect(order).toMatchObject({ rounds: { 'apply-payment': 3 }, event: { card: 'card_other' }, approvedUpTo: 5_000 });
    expect(order.compensations).toHaveLength(5);
  });

  it('is held with its old beginning and deadline, whatever the round', () => {
    const later = { ...denied, requestId: 'o-1/apply-payment/3', at: at + 86_400_000 } as OrderEvent;
    const { order, commands } = given(recovered({ holds: lost }), ...again).when(later);
    expect(order.holds).toEqual(lost);
    expect(commands).toMatchObject([{ do: 'wait', isRecovered: true }]);
    expect(order.recoveredHolds).toEqual([]);
  });

  it('is held anew for another reason', () => {
    const faulty = failed('apply-payment', fault, 3);
    expect(given(recovered({ holds: lost }), ...again).when(faulty).order.holds).toMatchObject([{ reason: 'fault' }]);
  });

  it('writes down that it resumes, when its command is done now', () => {
    const over = { type: 'command-over', requestId: 'o-1/apply-payment/3' } as const;
    const { order, commands } = given(recovered({ holds: lost }), ...again).when(over);
    expect(commands).toMatchObject([{ do: 'write-resumed', by: 'retry', hold: lost[0] }]);
    expect(order.recoveredHolds).toEqual([]);
  });

  it('asks for its stock under a new round when it waited for it, unless an amendment does', () => {
    const holds = given(...placed).when(outOfStock).order.holds;
    expect(roundOf(given().when(recovered({ holds })).order, 'adjust-inventory')).toBe(2);
    const amendment = { actor: null, lines: event.lines };
    expect(roundOf(given().when(recovered({ holds, amendment })).order, 'adjust-inventory')).toBe(1);
  });

  it('closes an approval that is not needed any more', () => {
    const holds = given(...placed, costing(300_000)).when({ type: 'approval-wanted', at }).order.holds;
    const { order, commands } = given(recovered({ holds, approved: 300_000 }), ...again).when({
      type: 'approval-unneeded',
    });
    expect(commands).toMatchObject([{ do: 'write-resumed', by: 'approve' }]);
    expect(order.recoveredHolds).toEqual([]);
  });

  it('goes on calling a compensation that was failing', () => {
    const requestId = 'o-1/refund-payment/1';
    const failing = { ...failed('refund-payment', fault), type: 'compensation-failed' } as OrderEvent;
    const { holds } = given(...placed, cancelled).when(failing).order;
    const { order } = given(recovered({ holds }), ...again, cancelled).when({ type: 'compensation-called', requestId });
    expect(order.holds).toEqual(holds);
    expect(decide(order, failing)).toEqual([]);
  });
});
