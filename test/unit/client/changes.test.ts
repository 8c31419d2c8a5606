import { expect, test } from 'vitest';
import { changesBetween, nothingYet, type Change } from '../../../client/changes.ts';
import type { Hold } from '../../../contracts/holds.ts';
import type { StepRecord } from '../../../contracts/order-mediator.ts';

const asked = (requestId: string): StepRecord => ({
  step: 2,
  command: 'apply-payment',
  processor: 'payment',
  requestId,
  askedAt: '2026-11-23T04:00:00.000Z',
  acknowledgedAt: null,
  attempt: null,
  refusal: null,
});
const acknowledged = (requestId: string) => ({
  ...asked(requestId),
  acknowledgedAt: '2026-11-23T04:00:01.000Z',
  attempt: 1,
});
const refused = (requestId: string) => ({ ...asked(requestId), refusal: 'PaymentDenied' });
const open = (...steps: readonly StepRecord[]) => ({ state: 'open' as const, reason: null, holds: [], steps });

const told = (changes: readonly Change[]): readonly string[] =>
  changes.map((change) => {
    if (change.change === 'state') return `state ${change.state}`;
    return `${change.change} ${'hold' in change ? change.hold.reason : change.record.requestId}`;
  });

const waiting: Hold = {
  reason: 'payment',
  step: 2,
  command: 'apply-payment',
  message: 'The card was declined.',
  help: 'Pay with another card.',
  since: '2026-11-23T04:00:02.000Z',
  deadline: '2026-11-30T04:00:02.000Z',
};
const held = (...holds: readonly Hold[]) => ({ ...open(refused('a')), state: 'held' as const, holds });

test('what happened between two looks is told oldest first, and a refusal last', () => {
  expect(told(changesBetween(nothingYet, open(refused('a'), acknowledged('b'), asked('c'))))).toEqual([
    'asked a',
    'asked b',
    'asked c',
    'acknowledged b',
    'refused a',
  ]);
});

test('an answer to what was known to be asked is told alone', () => {
  expect(told(changesBetween(open(asked('a'), asked('b')), open(asked('a'), acknowledged('b'))))).toEqual([
    'acknowledged b',
  ]);
});

test('nothing is told twice', () => {
  const seen = { state: 'completed' as const, reason: null, holds: [], steps: [acknowledged('a'), refused('b')] };
  expect(changesBetween(seen, seen)).toEqual([]);
});

test('a new state is told after what led to it', () => {
  const after = { state: 'undoing' as const, reason: 'The card was declined.', holds: [], steps: [refused('a')] };
  expect(told(changesBetween(open(asked('a')), after))).toEqual(['refused a', 'state undoing']);
});

test('a hold is told after what led to it, and what it was held for goes on when it has ended', () => {
  expect(told(changesBetween(open(asked('a')), held(waiting)))).toEqual(['refused a', 'held payment', 'state held']);
  expect(told(changesBetween(held(waiting), open(refused('a'))))).toEqual(['resumed payment', 'state open']);
});

test('what is held again has gone on meanwhile', () => {
  const again = { ...waiting, since: '2026-11-23T05:00:00.000Z' };
  expect(told(changesBetween(held(waiting), held(again)))).toEqual(['resumed payment', 'held payment']);
});

test('a hold that ended because the order is undone did not go on', () => {
  const undoing = { ...held(), state: 'undoing' as const, reason: 'Cancelled.' };
  expect(told(changesBetween(held(waiting), undoing))).toEqual(['state undoing']);
});
