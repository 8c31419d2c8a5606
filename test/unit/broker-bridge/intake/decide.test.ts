import { expect, test } from 'vitest';
import { decideAll } from '../../../../broker-bridge/intake/decide.ts';
import { readEvent } from '../../../../broker-bridge/intake/read-event.ts';
import { encodeEvent } from '../../../../broker-bridge/send-events.ts';
import type { Known } from '../../../../prisma/stores/customer-events/store.ts';
import { registered, shopKinds } from '../../../support/intake.ts';

const queued = (sequence: number, id: string, customerId = 'c-1') => {
  const message = encodeEvent(registered(id, customerId));
  return { sequence, message, event: readEvent(message, shopKinds), ownCase: `case-${sequence}` };
};

const known = (sequence: number, more: Partial<Known> = {}): Known => ({
  sequence,
  row: null,
  claimed: null,
  isTaken: false,
  outcome: null,
  ...more,
});

const decided = (one: ReturnType<typeof queued>, more: Partial<Known> = {}) =>
  decideAll([one], [known(one.sequence, more)])[0];

test('a new event is received, at its own place, with its bytes', () => {
  expect(decided(queued(7, 'e-1'))).toMatchObject({
    as: 'good',
    row: { state: 'received', source: 'test', eventId: 'e-1', position: null, caseId: null, message: {} },
  });
});

test('the same body again is a repeat; another body is a case under an identity of its own', () => {
  const event = queued(7, 'e-1');
  const hash = event.event.bodyHash;
  expect(decided(event, { row: { streamSequence: 3, bodyHash: hash } })).toEqual({ as: 'repeat' });
  expect(decided(event, { row: { streamSequence: 3, bodyHash: 'other' } })).toMatchObject({
    as: 'bad',
    queued: { event: { reason: 'id-used-twice' } },
    row: { source: 'unreadable', eventId: 'case-7', state: 'erroneous' },
  });
});

test('a message that is delivered again finds its own row, and goes on', () => {
  const event = queued(7, 'e-1');
  const row = { streamSequence: 7, bodyHash: event.event.bodyHash };
  expect(decided(event, { row, isTaken: true })).toMatchObject({ as: 'good' });
});

test('of two under one id in one batch the first counts', () => {
  const batch = [queued(1, 'e-1'), queued(2, 'e-1'), queued(3, 'e-1', 'c-2')];
  const decisions = decideAll(
    batch,
    batch.map(({ sequence }) => known(sequence)),
  );
  expect(decisions.map(({ as }) => as)).toEqual(['good', 'repeat', 'bad']);
});

test('a resubmitted event takes the place of the one it stands for, and belongs to its case', () => {
  const claimed = { caseId: 'case-3', position: 3 };
  expect(decided(queued(9, 'e-1~1'), { claimed })).toMatchObject({ row: { position: 3, caseId: 'case-3' } });
});

test('what another event of the same request has come to is the outcome of this one too', () => {
  expect(decided(queued(9, 'e-1'), { outcome: 'completed' })).toMatchObject({
    as: 'good',
    row: { state: 'complete', outcome: 'completed', message: null },
  });
});

test('a request id that belongs to another body is a case', () => {
  expect(decided(queued(9, 'e-1'), { isTaken: true })).toMatchObject({
    as: 'bad',
    queued: { event: { reason: 'id-used-twice' } },
    row: { source: 'test', eventId: 'e-1' },
  });
});
