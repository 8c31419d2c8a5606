import { describe, expect, it } from 'vitest';
import { decide } from '../../../workflows/order/decide.ts';
import { evolve } from '../../../workflows/order/evolve.ts';
import { needsApproval } from '../../../workflows/order/hold-rules.ts';
import { roundOf, waitingHolds } from '../../../workflows/order/state.ts';
import type { OrderEvent } from '../../../workflows/order/events.ts';
import {
  at,
  isbn,
  euros,
  event,
  given,
  begun,
  placed,
  costing,
  paid,
  refusal,
  failed,
  denied,
  outOfStock,
  notPackable,
  undeliverable,
  howOf,
  done,
  amended,
  beginAmendment,
} from '../../support/order-events.ts';

describe('an approval', () => {
  const dear = [...placed, costing(300_000)] as const;
  const wanted: OrderEvent = { type: 'approval-wanted', at };

  it('is waited for by an order above the limit', () => {
    const { order, commands } = given(...dear).when(wanted);
    expect(done(commands)).toEqual(['wait']);
    expect(order.holds).toMatchObject([
      { reason: 'approval', command: 'apply-payment', deadline: '2026-03-08T10:00:00.000Z' },
    ]);
  });

  it('resumes the order without a call, and is recorded with what was approved', () => {
    const { order, commands } = given(...dear, wanted).when({ type: 'approved', actor: 'Robin' });
    expect(howOf(order, 'apply-payment')).toEqual({ how: 'done', by: 'approve' });
    expect(order.approvedUpTo).toBe(300_000);
    expect(commands).toMatchObject([{ action: { action: 'approve', details: { total: euros(300_000) } } }]);
  });

  it('is needed above the limit only, and again when an amendment raises what was approved', () => {
    expect(needsApproval(given(...placed).when(costing(200_000)).order)).toBe(false);
    const approved = given(...dear, wanted).when({ type: 'approved', actor: 'Robin' }).order;
    expect(needsApproval(approved)).toBe(false);
    expect(needsApproval(evolve(approved, costing(300_001)))).toBe(true);
  });

  it('is not needed any more when an amendment brings the order under the limit', () => {
    const { order } = given(...dear, wanted).when(amended({ lines: event.lines }, 2490));
    expect(howOf(order, 'apply-payment')).toEqual({ how: 'done', by: 'amend' });
  });

  it('is needed still when an amendment leaves the order above the limit', () => {
    const { order } = given(...dear, wanted).when(amended({ lines: event.lines }, 250_000));
    expect(waitingHolds(order)).toHaveLength(1);
  });
});

describe('an amendment', () => {
  const lines = [{ isbn, quantity: 2 }];
  it('of the lines is written down before inventory is asked, under another round, and can be taken back', () => {
    const { order, commands } = given(...placed, denied).when(beginAmendment({ lines }));
    expect(done(commands)).toEqual(['write-amendment']);
    expect(order).toMatchObject({ isBeingAmended: true, rounds: { 'adjust-inventory': 2 } });
    expect(order.compensations).toContain('release-inventory');
  });

  it('of the address leaves the stock alone', () => {
    const { order } = given(...placed, denied).when(beginAmendment({ shipTo: event.shipTo }));
    expect(order.rounds).toEqual({});
    expect(order.compensations).not.toContain('release-inventory');
  });

  it('that an earlier workflow had begun goes on under the same round', () => {
    const { order, commands } = given(...placed).when(beginAmendment({ lines }, true));
    expect([order.rounds, commands]).toEqual([{}, []]);
  });

  it('changes lines, price and stock, and is recorded with the whole event', () => {
    const { order, commands } = given(...placed, denied, beginAmendment({ lines })).when(amended({ lines }, 4490));
    expect(order).toMatchObject({ amendments: 1, event: { lines }, answers: { created: { total: euros(4490) } } });
    expect(order.answers.stockFor).toBe(order.event.lines);
    expect(commands).toMatchObject([
      { action: { action: 'amend', amendments: 1, event: { lines }, details: { lines } } },
    ]);
  });

  it('that changes the price leaves a declined payment waiting, for the new amount and under another round', () => {
    const { order } = given(...placed, denied).when(amended({ lines }, 4490));
    expect(waitingHolds(order)).toMatchObject([{ command: 'apply-payment' }]);
    expect(roundOf(order, 'apply-payment')).toBe(2);
  });

  it('that leaves the price leaves a declined payment as it was', () => {
    const { order } = given(...placed, denied).when(amended({ lines }, 2490));
    expect(roundOf(order, 'apply-payment')).toBe(1);
  });

  it('back to what is paid already resumes the payment', () => {
    const again = failed('apply-payment', refusal('PaymentDenied'), 2);
    const { order } = given(...placed, paid(2490), amended({ lines }, 4490), again).when(
      amended({ lines: event.lines }, 2490),
    );
    expect(howOf(order, 'apply-payment')).toEqual({ how: 'anew', by: 'amend' });
  });

  it.each([
    ['stock, which it has taken itself', outOfStock, 'adjust-inventory', 'done'],
    ['packing', notPackable, 'fulfill-order', 'anew'],
  ] as const)('of the lines resumes a wait for %s', (_, failure, command, how) => {
    const { order } = given(...placed, failure).when(amended({ lines }, 4490));
    expect(howOf(order, command)).toEqual({ how, by: 'amend' });
  });

  it('of the address resumes a wait for one, and leaves a wait for packing', () => {
    const { order } = given(...placed, undeliverable, notPackable).when(amended({ shipTo: event.shipTo }, 2490));
    expect(howOf(order, 'ship-order')).toEqual({ how: 'anew', by: 'amend' });
    expect(howOf(order, 'fulfill-order')).toBeUndefined();
  });

  it('that is refused changes nothing but the round inventory is asked under', () => {
    const before = given(...placed, outOfStock).when(beginAmendment({ lines })).order;
    const refused = { type: 'amendment-refused', inventoryDiffers: false } as const;
    const order = evolve(before, refused);
    expect(decide(before, refused)).toEqual([{ do: 'write-amendment', amendment: null }]);
    expect(order).toMatchObject({ amendments: 0, event, rounds: { 'adjust-inventory': 3 } });
    expect(waitingHolds(order)).toHaveLength(1);
  });

  it('that inventory may hold the lines of has inventory asked for the own lines again', () => {
    const taken = { type: 'answered', answers: { stock: { levels: [], ready: [] }, stockFor: event.lines } } as const;
    const { order } = given(...placed, taken).when({ type: 'amendment-refused', inventoryDiffers: true });
    expect(order.answers.stockFor).toBeUndefined();
    const waiting = given(...placed, outOfStock).when({ type: 'amendment-refused', inventoryDiffers: true });
    expect(howOf(waiting.order, 'adjust-inventory')).toEqual({ how: 'anew', by: 'amend' });
  });

  it('has a charge that was answered called again under the next round', () => {
    const { order } = given(...placed, begun('apply-payment'), paid(2490)).when(begun('apply-payment'));
    expect(roundOf(order, 'apply-payment')).toBe(2);
  });
});
