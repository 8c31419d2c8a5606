import { describe, expect, it } from 'vitest';
import type { CommandName } from '../../../contracts/command-routes.ts';
import type { HoldReason } from '../../../contracts/mediators/holds.ts';
import {
  possibleActions,
  whyNotPossible,
  whyNotTaken,
  type OrderStanding,
} from '../../../contracts/mediators/order-rules.ts';

const euros = (amount: number) => ({ amount, currency: 'EUR' }) as const;
const done = (command: CommandName) => ({ command, acknowledgedAt: '2026-03-01T10:00:00Z', refusal: null });
const refused = (command: CommandName) => ({ command, acknowledgedAt: null, refusal: 'No' });
const underWay = (command: CommandName) => ({ command, acknowledgedAt: null, refusal: null });
const hold = (reason: HoldReason, command: CommandName) => ({
  reason,
  command,
  step: 2 as const,
  message: 'm',
  help: 'h',
  since: '2026-03-01T10:00:00Z',
  deadline: null,
});

const order = (changes: Partial<OrderStanding> = {}): OrderStanding => ({
  orderId: 'o-1',
  requestId: 'request-1',
  state: 'open',
  holds: [],
  total: euros(2490),
  reason: null,
  steps: [done('create-order')],
  ...changes,
});
const held = (reason: HoldReason, command: CommandName, changes: Partial<OrderStanding> = {}): OrderStanding =>
  order({ state: 'held', holds: [hold(reason, command)], ...changes });

describe('possible now', () => {
  it.each([
    ['an order that goes on by itself', order(), ['cancel']],
    ['a held payment', held('payment', 'apply-payment'), ['pay', 'amend', 'retry', 'cancel']],
    ['a wanted approval', held('approval', 'apply-payment'), ['approve', 'amend', 'cancel']],
    ['a held mail', held('fault', 'email-customer'), ['amend', 'retry', 'skip', 'cancel']],
    ['an order that is being amended', held('payment', 'apply-payment', { isBeingAmended: true }), ['cancel']],
    ['an order without an id', order({ orderId: null }), []],
    ['an order that is compensated', order({ state: 'compensating', reason: 'why' }), []],
    ['an order that writes its last record', order({ isEnding: true }), []],
    ['a completed order', order({ state: 'completed' }), []],
    ['a cancelled order', order({ state: 'cancelled' }), []],
  ] as const)('of %s', (_, standing, possible) => {
    expect(possibleActions(standing, null)).toEqual(possible);
  });

  it('a customer cancels until the carrier has the parcel, an operator until the order ends', () => {
    const shipped = order({ steps: [done('create-order'), done('ship-order')] });
    expect(possibleActions(shipped, null)).toEqual([]);
    expect(possibleActions(shipped, 'Robin')).toEqual(['cancel']);
    const named = { ...shipped, shipment: { carrier: 'DHL', trackingNumber: 'T1' } };
    expect(whyNotPossible(named, 'cancel', null)).toMatch(/handed over to DHL \(T1\).*refunded/);
  });

  it('a cancel is taken once more while the order is compensated', () => {
    expect(whyNotPossible(order({ state: 'compensating', reason: 'why' }), 'cancel', null)).toBeUndefined();
  });
});

describe('lines may be amended', () => {
  const lines = { actor: null, lines: [] };
  const why = (standing: OrderStanding) => whyNotTaken(standing, 'amend', lines);
  const packed = [done('create-order'), refused('fulfill-order')];

  it('until they are packed', () => expect(why(held('payment', 'apply-payment'))).toBeUndefined());

  it('when packing was refused', () => {
    expect(why(held('packing', 'fulfill-order', { steps: packed }))).toBeUndefined();
  });

  it('not when packing failed: it may have happened', () => {
    expect(why(held('fault', 'fulfill-order', { steps: packed }))).toMatch(/may be packed/);
  });

  it('not while their stock is being taken', () => {
    const steps = [done('create-order'), underWay('adjust-inventory')];
    expect(why(held('payment', 'apply-payment', { steps }))).toMatch(/being taken just now/);
  });
});

describe('the address may be amended', () => {
  const shipTo = { name: 'A', street: 'S', city: 'C', postcode: '1', country: 'DE' } as const;
  const why = (standing: OrderStanding) => whyNotTaken(standing, 'amend', { actor: null, shipTo });
  const steps = [done('create-order'), done('fulfill-order'), refused('ship-order')];

  it('when the carrier refused it', () => expect(why(held('address', 'ship-order', { steps }))).toBeUndefined());

  it('not when the carrier failed: it may have the parcel', () => {
    expect(why(held('fault', 'ship-order', { steps }))).toBeDefined();
  });
});

describe('an action with its content', () => {
  it('is refused when an approval is of another amount than was seen', () => {
    const standing = held('approval', 'apply-payment', { total: euros(250_000) });
    expect(whyNotTaken(standing, 'approve', { actor: 'Robin', total: euros(250_000) })).toBeUndefined();
    expect(whyNotTaken(standing, 'approve', { actor: 'Robin', total: euros(240_000) })).toMatch(/look at it again/);
  });

  it('is refused when it skips what the order does not wait at, or what may not be skipped', () => {
    const standing = held('fault', 'email-customer');
    const skip = (command: CommandName) => whyNotTaken(standing, 'skip', { actor: 'Robin', command });
    expect(skip('email-customer')).toBeUndefined();
    expect(skip('order-stock')).toMatch(/does not wait at order-stock/);
    expect(skip('apply-payment')).toMatch(/cannot be skipped/);
  });
});
