import { expect, it } from 'vitest';
import { planRefund, stillToCount } from '../../../activities/payment/refund-return.ts';

const charge = (chargeId: string, amount: number, refunded = 0) => ({
  chargeId,
  idempotencyKey: `key-${chargeId}`,
  amount,
  currency: 'EUR' as const,
  refunded,
  refunds: [],
});

const went = (amount: number, at: string) => ({ amount: { amount, currency: 'EUR' as const }, at });

it('takes a refund from the newest charge, and the rest from those before', () => {
  expect(planRefund([charge('old', 3000), charge('new', 1000)], 1500)).toEqual([
    { chargeId: 'new', refunded: 1000, part: 1000 },
    { chargeId: 'old', refunded: 500, part: 500 },
  ]);
});

it('says to how much a charge is refunded in all, with what went back of it before', () => {
  expect(planRefund([charge('one', 3000, 2000)], 400)).toEqual([{ chargeId: 'one', refunded: 2400, part: 400 }]);
});

it('never takes more than is left, and nothing of a charge of which nothing is', () => {
  expect(planRefund([charge('one', 3000, 2000), charge('none', 500, 500)], 9000)).toEqual([
    { chargeId: 'one', refunded: 3000, part: 1000 },
  ]);
  expect(planRefund([], 100)).toEqual([]);
});

it('counts what went back elsewhere once, the oldest first, and no more than the return comes to', () => {
  const all = [went(300, '2026-01-01T00:00:00Z'), went(1200, '2026-01-02T00:00:00Z')];
  expect(stillToCount(all, 0, 1000)).toEqual([went(300, '2026-01-01T00:00:00Z'), went(700, '2026-01-02T00:00:00Z')]);
  expect(stillToCount(all, 1000, 1000)).toEqual([went(500, '2026-01-02T00:00:00Z')]);
  expect(stillToCount(all, 1500, 1000)).toEqual([]);
  expect(stillToCount([], 0, 1000)).toEqual([]);
});
