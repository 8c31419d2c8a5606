import { expect, test } from 'vitest';
import { changesBetween, nothingYet, type Change } from '../../../client/changes.ts';
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
const open = (...steps: readonly StepRecord[]) => ({ state: 'open' as const, reason: null, steps });

const told = (changes: readonly Change[]): readonly string[] =>
  changes.map((change) =>
    change.change === 'state' ? `state ${change.state}` : `${change.change} ${change.record.requestId}`,
  );

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
  const seen = { state: 'completed' as const, reason: null, steps: [acknowledged('a'), refused('b')] };
  expect(changesBetween(seen, seen)).toEqual([]);
});

test('a new state is told after what led to it', () => {
  const after = { state: 'undoing' as const, reason: 'The card was declined.', steps: [refused('a')] };
  expect(told(changesBetween(open(asked('a')), after))).toEqual(['refused a', 'state undoing']);
});
