import { describe, expect, it } from 'vitest';
import {
  controlsPossible,
  mostInBulk,
  type BulkControlName,
  type BulkOrder,
  type OrderPosition,
  type StartBulk,
} from '../../../contracts/mediators/bulk.ts';
import {
  askedOf,
  carriedOver,
  decide,
  evolve,
  openBulk,
  progressOf,
  stateOf,
  type BulkAtWork,
  type BulkEvent,
} from '../../../workflows/bulk/state.ts';

const held: OrderPosition = { state: 'held', holdReason: 'fault' };
const open: OrderPosition = { state: 'open', holdReason: null };

const ordersOf = (count: number): readonly BulkOrder[] =>
  Array.from({ length: count }, (_, n) => ({
    orderId: `ord-${n}`,
    before: held,
    total: { amount: 100 + n, currency: 'EUR' },
  }));

const start = (changes: Partial<StartBulk> = {}): StartBulk => ({
  id: 'b-1',
  name: 'Monday',
  actor: 'Ada',
  action: 'retry',
  content: {},
  orders: ordersOf(3),
  ...changes,
});

const given = (events: readonly BulkEvent[], changes: Partial<StartBulk> = {}): BulkAtWork =>
  events.reduce(evolve, openBulk(start(changes)));

const control = (name: BulkControlName): BulkEvent => ({
  type: 'controlled',
  control: { name, actor: 'Ruth', at: '2026-11-28T10:00:00.000Z' },
});
const asked: BulkEvent = { type: 'asked' };
const taken = (index: number): BulkEvent => ({ type: 'answered', index, answer: { before: open, refusal: null } });
const ended: BulkEvent = { type: 'ended' };

describe('a bulk action', () => {
  it('asks its orders in order, until none is left', () => {
    expect(decide(given([]))).toBe('ask');
    expect(given([asked, asked]).next).toBe(2);
    expect(decide(given([asked, asked, asked]))).toBe('end');
    expect(decide(given([], { orders: [] }))).toBe('end');
  });

  it('asks each order under an id of its own, the same for every attempt, in the name of who confirmed it', () => {
    const [first, second] = ordersOf(2) as [BulkOrder, BulkOrder];
    const expected = { orderId: 'ord-0', name: 'retry', action: { actor: 'Ada' }, counted: held };
    expect(askedOf(start(), first)).toEqual({ ...expected, updateId: 'bulk/b-1/ord-0' });
    expect(askedOf(start(), second).updateId).toBe('bulk/b-1/ord-1');
  });

  it('approves what each order came to at the count; no other action says an amount', () => {
    const [order] = ordersOf(1) as [BulkOrder];
    expect(askedOf(start({ action: 'approve' }), order).action).toEqual({
      actor: 'Ada',
      total: { amount: 100, currency: 'EUR' },
    });
    expect(askedOf(start({ action: 'cancel', content: { reason: 'Late' } }), order).action).toEqual({
      actor: 'Ada',
      reason: 'Late',
    });
  });

  it('tells apart who took it, who refused and who did not answer, and where each stood when it was asked', () => {
    const refused: BulkEvent = { type: 'answered', index: 1, answer: { before: held, refusal: 'It does not wait.' } };
    const state = given([asked, asked, asked, taken(2), refused, { type: 'unanswered', index: 0 }]);
    expect(state.orders.map(({ answer, before, message }) => [answer, before, message])).toEqual([
      ['unknown', held, 'There was no answer in time: it may have been done.'],
      ['refused', held, 'It does not wait.'],
      ['taken', open, undefined],
    ]);
    expect(progressOf(state)).toMatchObject({ count: 3, done: 3, taken: 1, refused: 1, unknown: 1, state: 'running' });
  });

  it('begins no other order while it is paused, and goes on with the next one when it is resumed', () => {
    const paused = given([asked, control('pause')]);
    expect([decide(paused), stateOf(paused)]).toEqual(['wait', 'paused']);
    expect(evolve(paused, taken(0)).orders[0]?.answer).toBe('taken');
    const resumed = evolve(paused, control('resume'));
    expect([decide(resumed), stateOf(resumed), resumed.next]).toEqual(['ask', 'running', 1]);
  });

  it('is over although it is paused when the last order was asked already', () => {
    const state = given([asked, asked, asked, control('pause'), taken(0), taken(1), taken(2)]);
    expect(decide(state)).toBe('end');
    expect(stateOf(evolve(state, ended))).toBe('done');
  });

  it('leaves the rest alone when it is stopped, running or paused', () => {
    for (const before of [[asked], [asked, control('pause')]]) {
      const stopping = given([...before, control('stop')]);
      expect([decide(stopping), stateOf(stopping)]).toEqual(['end', 'stopping']);
      const over = [taken(0), ended].reduce(evolve, stopping);
      expect(progressOf(over)).toMatchObject({ state: 'stopped', done: 1, count: 3, control: { actor: 'Ruth' } });
    }
  });

  it('takes what fits its state, and nothing once it stops', () => {
    expect(controlsPossible('running')).toEqual(['pause', 'stop']);
    expect(controlsPossible('paused')).toEqual(['resume', 'stop']);
    for (const state of ['stopping', 'stopped', 'done'] as const) expect(controlsPossible(state)).toEqual([]);
  });

  it('goes on in another workflow where it was, paused if it was paused', () => {
    const state = given([asked, asked, control('pause'), taken(0), taken(1)]);
    const next = openBulk(carriedOver(state));
    expect([next.next, stateOf(next), progressOf(next)]).toEqual([2, 'paused', progressOf(state)]);
  });

  it('fits into one payload of Temporal, with the longest refusal of every order', () => {
    const orders = Array.from({ length: mostInBulk }, (_, n) => ({
      orderId: `ord-${String(n).padStart(20, '0')}`,
      before: { state: 'compensating', holdReason: 'approval' } as const,
      total: { amount: 1_000_000, currency: 'EUR' } as const,
    }));
    const answer = { before: orders[0]?.before ?? held, refusal: 'x'.repeat(1_000) };
    const one = given([asked, { type: 'answered', index: 0, answer }], { orders });
    const all = one.orders.map((order) => ({ ...one.orders[0], ...order }));
    expect(JSON.stringify({ ...progressOf(one), orders: all }).length).toBeLessThan(2 * 1024 * 1024);
  });
});
