import { describe, expect, it } from 'vitest';
import type { RecoveredReturn } from '../../../contracts/mediators/return-records.ts';
import { returnActionsPossible, type StartReturn } from '../../../contracts/mediators/returns-mediator.ts';
import { whatIsWrong } from '../../../workflows/returns/actions.ts';
import {
  evolve,
  requested,
  rowOf,
  waitOf,
  type ReturnAtWork,
  type ReturnEvent,
} from '../../../workflows/returns/state.ts';
import type { ReturnPolicy } from '../../../contracts/mediators/returns.ts';

const policy: ReturnPolicy = {
  approval: { deadline: '14 days', reminders: ['2 days'] },
  parcel: { deadline: '30 days', reminders: ['10 days', '20 days'] },
  inspection: { reminders: ['1 day'] },
  retryFor: '1 minute',
};
const lines = [{ isbn: 'a', quantity: 2 }];
const start: StartReturn = {
  event: { requestId: 'return-1', orderId: 'ord-1', customerId: 'c-1', lines, reason: 'Wrong edition' },
  bodyHash: 'hash',
  origin: { via: 'client', source: 'test', id: 'return-1' },
  mediatorClass: 'complex',
  policy,
};

const day = (number: number): string => `2026-11-${String(number).padStart(2, '0')}T12:00:00.000Z`;

/** The state after these events, the first on the first of the month, the next on the second. */
const given = (...events: readonly ReturnEvent[]): ReturnAtWork =>
  events.reduce((state, event, index) => evolve(state, event, day(index + 1)), requested(start, day(1)));

const submitted: ReturnEvent = { type: 'submitted' };
const approved: ReturnEvent = { type: 'acted', name: 'approve', input: { actor: 'Ruth' } };
const declined: ReturnEvent = { type: 'acted', name: 'decline', input: { actor: 'Ruth', reason: 'Too late' } };
const arrived: ReturnEvent = { type: 'acted', name: 'parcel-received', input: { actor: 'Ruth' } };
const inspected = [{ isbn: 'a', accepted: 2, sellable: 1 }];
const looked: ReturnEvent = { type: 'acted', name: 'inspect', input: { actor: 'Ruth', lines: inspected } };
const expired: ReturnEvent = { type: 'expired' };

describe('a return', () => {
  it('waits for its approval from the moment it was opened, with the deadline of its policy', () => {
    const state = given(submitted);
    expect(state.progress).toMatchObject({
      state: 'awaiting-approval',
      since: day(1),
      deadline: day(15),
      reminders: 0,
    });
    expect(waitOf(state)).toEqual({ waitsFor: 'approval', reminders: ['2 days'] });
  });

  it('waits for the parcel from its approval on, and for the inspection without a deadline', () => {
    const parcel = given(submitted, approved);
    expect(parcel.progress).toMatchObject({
      state: 'awaiting-parcel',
      since: day(2),
      deadline: '2026-12-02T12:00:00.000Z',
    });
    const inspection = evolve(parcel, arrived, day(3));
    expect(inspection.progress).toMatchObject({ state: 'awaiting-inspection', since: day(3), deadline: null });
    expect(waitOf(inspection)).toEqual({ waitsFor: 'inspection', reminders: ['1 day'] });
  });

  it('is refunded after the inspection, and waits for nobody then', () => {
    const state = given(submitted, approved, arrived, looked);
    expect(state.progress).toMatchObject({ state: 'refunding', inspected, deadline: null });
    expect(waitOf(state)).toBeUndefined();
  });

  it('is declined with the reason of a person, or without one at its deadline', () => {
    expect(given(submitted, declined)).toMatchObject({ progress: { state: 'declined' }, declinedBecause: 'Too late' });
    expect(given(submitted, expired)).toMatchObject({ progress: { state: 'declined' }, declinedBecause: null });
  });

  it('lapses when its parcel does not come', () => {
    expect(given(submitted, approved, expired).progress).toMatchObject({ state: 'lapsed', deadline: null });
  });

  it('counts its reminders anew in each state', () => {
    const reminded = given(submitted, { type: 'reminded', number: 1 });
    expect(reminded.progress).toMatchObject({ reminders: 1, since: day(1) });
    expect(evolve(reminded, approved, day(3)).progress.reminders).toBe(0);
  });

  it('shows the failures of commands together, and each is gone when its command is answered', () => {
    const refund: ReturnEvent = { type: 'failed', command: 'refund-return', message: 'The gateway is away.' };
    const restock: ReturnEvent = { type: 'failed', command: 'restock-return', message: 'The database is away.' };
    const both = given(refund, restock);
    expect(both.progress.trouble).toBe('The gateway is away. The database is away.');
    const one = evolve(both, { type: 'answered', command: 'refund-return' }, day(3));
    expect([one.progress.trouble, [...one.failures.keys()]]).toEqual(['The database is away.', ['restock-return']]);
    expect(evolve(one, { type: 'answered', command: 'restock-return' }, day(4)).progress.trouble).toBeNull();
  });

  it('ends with what was refunded, and without what had failed', () => {
    const refunded = { amount: 500, currency: 'EUR' } as const;
    const failed: ReturnEvent = { type: 'failed', command: 'refund-return', message: 'Away.' };
    const state = given(submitted, approved, arrived, looked, failed, {
      type: 'ended',
      outcome: 'completed',
      refunded,
    });
    expect(state.progress).toMatchObject({ state: 'completed', amount: refunded, trouble: null });
  });

  it('that was lost goes on from its row: its deadline, its reminders and its own policy stay', () => {
    const own: ReturnPolicy = { ...policy, parcel: { deadline: '5 days', reminders: [] } };
    const row: RecoveredReturn = {
      state: 'awaiting-parcel',
      since: day(2),
      deadline: day(7),
      reminders: 1,
      trouble: 'Away.',
      inspected: null,
      amount: null,
      declinedBecause: null,
      policy: own,
    };
    const state = given({ type: 'recovered', row });
    expect(state.progress).toMatchObject({ state: 'awaiting-parcel', since: day(2), deadline: day(7), reminders: 1 });
    expect([state.progress.trouble, state.isRecovered, waitOf(state)?.reminders]).toEqual([null, true, []]);
    expect(given({ type: 'recovered', row: { ...row, policy: null } }).policy).toBe(policy);
  });

  it('is written down with what was found, once it was', () => {
    expect(rowOf(given(submitted))).toEqual({
      requestId: 'return-1',
      state: 'awaiting-approval',
      since: day(1),
      deadline: day(15),
      reminders: 0,
      trouble: null,
    });
    expect(rowOf(given(submitted, approved, arrived, looked))).toMatchObject({ state: 'refunding', inspected });
  });
});

describe('the actions on a return', () => {
  it('fit one state each', () => {
    expect(returnActionsPossible('awaiting-approval')).toEqual(['approve', 'decline']);
    expect(returnActionsPossible('awaiting-parcel')).toEqual(['parcel-received']);
    expect(returnActionsPossible('awaiting-inspection')).toEqual(['inspect']);
    for (const state of ['received', 'refunding', 'completed', 'declined', 'lapsed'] as const) {
      expect(returnActionsPossible(state)).toEqual([]);
    }
  });

  it.each([
    ['a person without a name', { actor: ' ' }, 'The name of who acts must be one line of 1 to 64 characters.'],
    [
      'no lines',
      { actor: 'Ruth' },
      'Say of each title how many are accepted, and how many of those can be sold again.',
    ],
    ['a title twice', { actor: 'Ruth', lines: [...inspected, ...inspected] }, 'Every title stands on one line only.'],
    [
      'another title',
      { actor: 'Ruth', lines: [{ ...inspected[0], isbn: 'b' }] },
      'Only titles of the return can be accepted.',
    ],
    [
      'more than came',
      { actor: 'Ruth', lines: [{ isbn: 'a', accepted: 3, sellable: 0 }] },
      'Of a a whole number from 0 to 2 can be accepted.',
    ],
    [
      'more to sell than accepted',
      { actor: 'Ruth', lines: [{ isbn: 'a', accepted: 1, sellable: 2 }] },
      'Of a a whole number from 0 to 1 can be sold again.',
    ],
  ])('an inspection with %s is refused with a sentence', (_, input, sentence) => {
    expect(whatIsWrong('inspect', input as never, lines)).toBe(sentence);
  });

  it('a right one is taken, and a refusal needs its reason', () => {
    expect(whatIsWrong('inspect', { actor: 'Ruth', lines: inspected }, lines)).toBeUndefined();
    expect(whatIsWrong('decline', { actor: 'Ruth', reason: '' }, lines)).toContain('The reason must be');
  });
});
