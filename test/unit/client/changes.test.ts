import { describe, expect, test } from 'vitest';
import { changesBetween, nothingYet, type Change } from '../../../app/order-changes.ts';
import type { Hold } from '../../../contracts/mediators/holds.ts';
import type { CommandName } from '../../../contracts/command-routes.ts';
import type { StepRecord } from '../../../contracts/mediators/steps.ts';

/** Of the commands of a step, those that are not the payment. */
const commands: Readonly<Record<string, CommandName>> = { b: 'adjust-inventory', c: 'email-customer' };

const asked = (requestId: string): StepRecord => ({
  step: 2,
  command: commands[requestId] ?? 'apply-payment',
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
  const after = { state: 'compensating' as const, reason: 'The card was declined.', holds: [], steps: [refused('a')] };
  expect(told(changesBetween(open(asked('a')), after))).toEqual(['refused a', 'state compensating']);
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
  const compensating = { ...held(), state: 'compensating' as const, reason: 'Cancelled.' };
  expect(told(changesBetween(held(waiting), compensating))).toEqual(['state compensating']);
});

describe('a command that failed and was asked again under the same request id', () => {
  const failed = { ...asked('a'), refusal: 'Fault' };
  const again = { ...asked('a'), askedAt: '2026-11-23T04:00:05.000Z' };
  const done = { ...again, acknowledgedAt: '2026-11-23T04:00:06.000Z', attempt: 1 };

  test('is told each time, each thing once', () => {
    expect(told(changesBetween(open(asked('a')), open(failed)))).toEqual(['failed a']);
    expect(told(changesBetween(open(failed), open(failed, again)))).toEqual(['asked a']);
    expect(changesBetween(open(failed, again), open(failed, again))).toEqual([]);
    expect(told(changesBetween(open(failed, again), open(failed, done)))).toEqual(['acknowledged a']);
    expect(changesBetween(open(failed, done), open(failed, done))).toEqual([]);
  });

  test('is told in its order by who looks only afterwards', () => {
    const whole = ['asked a', 'failed a', 'asked a', 'acknowledged a'];
    expect(told(changesBetween(nothingYet, open(failed, done)))).toEqual(whole);
  });
});

test('a refusal is told before the next step, whose command may bear another request id', () => {
  const next = {
    ...asked('d'),
    step: 3 as const,
    command: 'fulfill-order' as const,
    askedAt: '2026-11-23T04:00:09.000Z',
  };
  const seen = changesBetween(nothingYet, open(refused('a'), acknowledged('b'), next));
  expect(told(seen)).toEqual(['asked a', 'asked b', 'acknowledged b', 'refused a', 'asked d']);
});

test('what another mediator asked at the same place is told as new', () => {
  expect(told(changesBetween(open(acknowledged('a')), open(acknowledged('b'))))).toEqual(['asked b', 'acknowledged b']);
});
