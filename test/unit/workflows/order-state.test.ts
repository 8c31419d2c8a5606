import { describe, expect, it } from 'vitest';
import { decide } from '../../../workflows/order/decide.ts';
import { evolve } from '../../../workflows/order/evolve.ts';
import { progressOf, roundOf, waitingHolds, type Order } from '../../../workflows/order/state.ts';
import type { OrderEvent } from '../../../workflows/order/events.ts';
import type { Failure } from '../../../contracts/failures.ts';
import type { CommandName } from '../../../contracts/command-routes.ts';
import {
  at,
  isbn,
  euros,
  given,
  received,
  begun,
  placed,
  costing,
  refusal,
  fault,
  failed,
  denied,
  outOfStock,
  notPackable,
  undeliverable,
  cancelled,
  holdOf,
  howOf,
  done,
} from '../../support/order-events.ts';

const helpWith = (command: CommandName) => given(...placed).when(failed(command, fault)).order.holds[0]?.help;

const written = (order: Order, failure: Failure | null, isRecovered = false): OrderEvent => ({
  type: 'hold-written',
  hold: order.holds[0] ?? expect.fail('no hold'),
  isRecovered,
  failure,
});

const afterDeadlineOf = (failure: OrderEvent) => {
  const held = given(...placed).when(failure).order;
  return evolve(held, { type: 'deadline-passed', hold: held.holds[0] ?? expect.fail('no hold') });
};

describe('a command that fails', () => {
  it.each([
    ['a declined card', denied, 'payment', '2026-03-08T10:00:00.000Z'],
    ['too little stock', outOfStock, 'stock', '2026-03-15T10:00:00.000Z'],
    ['titles without a weight', notPackable, 'packing', '2026-03-04T10:00:00.000Z'],
    ['an address no carrier goes to', undeliverable, 'address', '2026-03-08T10:00:00.000Z'],
    ['a processor past its retry time', failed('fulfill-order', fault, 1, 3), 'fault', '2026-03-04T10:00:00.000Z'],
  ] as const)('holds the order for %s, until the deadline of the policy', (_, failure, reason, deadline) => {
    const { order, commands } = given(...placed).when(failure);
    expect(done(commands)).toEqual(['wait']);
    expect(progressOf(order)).toMatchObject({ state: 'held', holdReason: reason });
    expect(order.holds).toMatchObject([{ reason, since: '2026-03-01T10:00:00.000Z', deadline }]);
  });

  it('gives the order up for a refusal that nothing can put right', () => {
    const { order, commands } = given(...placed).when(failed('apply-payment', refusal('Superseded')));
    expect(commands).toEqual([]);
    expect(progressOf(order)).toMatchObject({ state: 'compensating', reason: 'Superseded.', holds: [] });
  });

  it('refuses the request when it is the first one', () => {
    const { order, commands } = given(received, begun('create-order')).when(
      failed('create-order', refusal('UnknownTitle'), 1, 1),
    );
    expect(done(commands)).toEqual(['refuse-request']);
    expect(order.cancelled).toBeNull();
  });

  it('holds the order when the first one is only faulty', () => {
    const { order } = given(received).when(failed('create-order', fault, 1, 1));
    expect(order.holds).toMatchObject([{ command: 'create-order', reason: 'fault', step: 1 }]);
  });

  it('holds an order for two reasons at once, oldest first', () => {
    const { order } = given(...placed, denied).when(outOfStock);
    expect(order.holds.map(({ reason }) => reason)).toEqual(['payment', 'stock']);
    expect(progressOf(order).holdReason).toBe('payment');
  });

  it('does not hold an order that was cancelled meanwhile', () => {
    const { order, commands } = given(...placed, cancelled).when(denied);
    expect([order.holds, commands]).toEqual([[], []]);
  });

  it('says that a mail may be skipped, and that a charge may not', () => {
    expect(helpWith('email-customer')).toMatch(/skip it/);
    expect(helpWith('apply-payment')).not.toMatch(/skip/);
  });
});

describe('a hold that was written', () => {
  it('is mailed to the customer', () => {
    const held = given(...placed).when(denied).order;
    expect(decide(held, written(held, null))).toMatchObject([{ do: 'mail-hold', reminder: 0 }]);
  });

  it('is not mailed before step 1, which knows the address', () => {
    const held = given(received).when(failed('create-order', fault, 1, 1)).order;
    expect(decide(held, written(held, fault))).toEqual([]);
  });

  it('is not mailed again when an earlier workflow of the order has mailed it', () => {
    const held = given(...placed).when(denied).order;
    expect(decide(held, written(held, null, true))).toEqual([]);
  });

  it('has the warehouse order what is short, at once and with every reminder', () => {
    const held = given(...placed).when(outOfStock).order;
    const failure = refusal('OutOfStock', { short: [{ isbn, wanted: 3, onHand: 1 }] });
    const missing = [{ isbn, quantity: 2 }];
    expect(decide(held, written(held, failure))).toMatchObject([
      { do: 'mail-hold', reminder: 0 },
      { do: 'order-missing', number: 1, missing },
    ]);
    const reminder = { type: 'reminder-due', hold: holdOf(held, 'adjust-inventory'), number: 2, failure } as const;
    expect(decide(held, reminder)).toMatchObject([
      { do: 'mail-hold', reminder: 2 },
      { do: 'order-missing', number: 3, missing },
    ]);
  });
});

describe('a hold resumes', () => {
  it('under the next round after a refusal', () => {
    const { order, commands } = given(...placed, denied).when({ type: 'retried', actor: 'Robin' });
    expect(howOf(order, 'apply-payment')).toEqual({ how: 'again', by: 'retry' });
    expect(roundOf(order, 'apply-payment')).toBe(2);
    expect(commands).toMatchObject([{ do: 'write-action', action: { action: 'retry', actor: 'Robin' } }]);
  });

  it('under the same round after a fault, which may have happened', () => {
    const { order } = given(...placed, failed('apply-payment', fault)).when({ type: 'retried', actor: 'Robin' });
    expect(howOf(order, 'apply-payment')).toEqual({ how: 'again', by: 'retry' });
    expect(roundOf(order, 'apply-payment')).toBe(1);
  });

  it('with another card, under the next round', () => {
    const paying = { type: 'card-given', card: 'card_ok', actor: null } as const;
    const { order, commands } = given(...placed, failed('apply-payment', fault)).when(paying);
    expect(order.event.card).toBe('card_ok');
    expect(howOf(order, 'apply-payment')).toEqual({ how: 'anew', by: 'pay' });
    expect(roundOf(order, 'apply-payment')).toBe(2);
    expect(commands).toMatchObject([{ action: { action: 'pay', details: {}, event: { card: 'card_ok' } } }]);
  });

  it('without its command when that is skipped', () => {
    const skipping = { type: 'skipped', command: 'email-customer', actor: 'Robin' } as const;
    const { order } = given(...placed, failed('email-customer', fault)).when(skipping);
    expect(howOf(order, 'email-customer')).toEqual({ how: 'skip', by: 'skip' });
    expect(roundOf(order, 'email-customer')).toBe(1);
  });

  it('by a delivery, when it waits for stock', () => {
    const { order } = given(...placed, outOfStock).when({ type: 'stock-allocated' });
    expect(howOf(order, 'adjust-inventory')).toEqual({ how: 'again', by: 'delivery' });
    expect(roundOf(order, 'adjust-inventory')).toBe(2);
  });

  it('at once, when the delivery was told of before the order waited for it', () => {
    const { order } = given(...placed, { type: 'stock-allocated' }).when(outOfStock);
    expect(howOf(order, 'adjust-inventory')).toEqual({ how: 'again', by: 'delivery' });
    expect(order.isStockReady).toBe(false);
  });

  it('not by a delivery that was told of before its stock was taken', () => {
    const taken = { type: 'answered', answers: { stock: { levels: [], ready: [] } } } as const;
    const { order } = given(...placed, { type: 'stock-allocated' }, taken).when(outOfStock);
    expect(waitingHolds(order)).toHaveLength(1);
  });

  it('once: what came first stands', () => {
    const { order } = given(...placed, outOfStock, { type: 'stock-allocated' }).when({
      type: 'retried',
      actor: 'Robin',
    });
    expect(howOf(order, 'adjust-inventory')).toEqual({ how: 'again', by: 'delivery' });
    expect(roundOf(order, 'adjust-inventory')).toBe(2);
  });

  it('and is written down with who saw to it, when its command goes on', () => {
    const before = given(...placed, denied).when({ type: 'retried', actor: 'Robin' }).order;
    const over = { type: 'hold-over', hold: holdOf(before, 'apply-payment') } as const;
    expect(decide(before, over)).toMatchObject([{ do: 'write-resumed', by: 'retry' }]);
    expect(progressOf(evolve(before, over))).toMatchObject({ state: 'open', holds: [], holdReason: null });
  });

  it('by a retry, all of those that people can retry: an approval is not one', () => {
    const waiting = given(
      ...placed,
      costing(300_000),
      { type: 'approval-wanted', at },
      failed('email-customer', fault),
    );
    const { order } = waiting.when({ type: 'retried', actor: 'Robin' });
    expect(waitingHolds(order).map(({ reason }) => reason)).toEqual(['approval']);
  });
});

describe('a deadline that passes', () => {
  it.each([
    ['of a payment', denied, 'It was not paid in time.'],
    ['of stock', outOfStock, 'The titles did not come in time.'],
    ['of packing', notPackable, 'It could not be packed in time.'],
    ['of an address', undeliverable, 'No address that a carrier delivers to was given in time.'],
    ['of a fault', failed('ship-order', fault), 'It could not be carried out in time.'],
  ])('%s gives the order up', (_, failure, reason) => {
    expect(progressOf(afterDeadlineOf(failure))).toMatchObject({ state: 'compensating', reason });
  });

  it.each(['email-customer', 'order-stock'] as const)('leaves %s out: the order is whole without it', (command) => {
    const order = afterDeadlineOf(failed(command, fault));
    expect(howOf(order, command)).toEqual({ how: 'skip', by: 'deadline' });
    expect(order.cancelled).toBeNull();
  });
});

describe('a deadline that passes when its hold was resumed', () => {
  it.each(['apply-payment', 'email-customer'] as const)('changes nothing at %s', (command) => {
    const resumed = given(...placed, failed(command, fault)).when({ type: 'retried', actor: 'Robin' }).order;
    expect(evolve(resumed, { type: 'deadline-passed', hold: holdOf(resumed, command) })).toBe(resumed);
  });
});

describe('what an order shows', () => {
  it('is its outcome once it has ended', () => {
    const { order } = given(...placed, cancelled).when({ type: 'ended', outcome: 'cancelled', reason: 'why' });
    expect(progressOf(order)).toMatchObject({ state: 'cancelled', reason: 'why', total: euros(2490) });
  });

  it('is never changed: an event makes another order', () => {
    const before = Object.freeze(given(...placed).when(denied).order);
    evolve(before, cancelled);
    expect(before.cancelled).toBeNull();
  });
});
