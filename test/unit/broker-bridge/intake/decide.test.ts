import { expect, test } from 'vitest';
import { decideAll } from '../../../../broker-bridge/intake/decide.ts';
import { envelopeOf, type Envelope } from '../../../../broker-bridge/intake/envelope.ts';
import { readEvent } from '../../../../broker-bridge/intake/read-event.ts';
import { encodeEvent } from '../../../../broker-bridge/intake/encode-event.ts';
import type { Known, KnownRow } from '../../../../broker-bridge/intake/store/store.ts';
import { registered, shopRegistry } from '../../../support/intake.ts';

const envelope = (sequence: number, id: string, customerId = 'c-1') => {
  const message = encodeEvent(registered(id, customerId));
  return envelopeOf({ sequence, message, event: readEvent(message, shopRegistry), ownCase: `case-${sequence}` });
};

const rowOf = ({ event: { name, bodyHash } }: Envelope, more: Partial<KnownRow> = {}): KnownRow => ({
  isItself: false,
  name,
  bodyHash,
  state: 'started',
  caseId: null,
  isReadable: true,
  ...more,
});

const known = (sequence: number, more: Partial<Known> = {}): Known => ({
  sequence,
  row: null,
  otherRow: null,
  claimed: null,
  isUsed: false,
  outcome: null,
  ...more,
});

const decided = (one: ReturnType<typeof envelope>, more: Partial<Known> = {}) =>
  decideAll([one], [known(one.sequence, more)])[0];

test('a new event is received, at its own place, with its bytes', () => {
  expect(decided(envelope(7, 'e-1'))).toMatchObject({
    as: 'good',
    row: { state: 'received', source: 'test', eventId: 'e-1', position: null, caseId: null, message: {} },
  });
});

test('the same body again is a repeat; another body is a case under an identity of its own', () => {
  const event = envelope(7, 'e-1');
  expect(decided(event, { row: rowOf(event) })).toEqual({ as: 'repeat', acceptedCase: null });
  expect(decided(event, { row: rowOf(event, { bodyHash: 'other' }) })).toMatchObject({
    as: 'bad',
    envelope: { event: { reason: 'id-used-twice' } },
    row: { ...event.otherKey, caseId: 'case-7', state: 'dead-lettered' },
  });
});

test('the same other body again is a repeat of its own case', () => {
  const event = envelope(7, 'e-1');
  const row = rowOf(event, { bodyHash: 'other' });
  const otherRow = rowOf(event, { state: 'dead-lettered', caseId: 'case-5' });
  expect(decided(event, { row, otherRow })).toMatchObject({ as: 'repeat' });
  expect(envelope(8, 'e-1').otherKey).toEqual(event.otherKey);
  expect(envelope(8, 'e-1', 'c-2').otherKey).not.toEqual(event.otherKey);
});

test('under another name, or when it was discarded before, the same body is a case', () => {
  const event = envelope(7, 'e-1');
  const isBad = { as: 'bad', envelope: { event: { reason: 'id-used-twice' } } };
  expect(decided(event, { row: rowOf(event, { name: 'customer-registred' }) })).toMatchObject(isBad);
  const discarded = rowOf(event, { state: 'discarded', caseId: 'case-3' });
  expect(decided(event, { row: discarded })).toMatchObject(isBad);
  expect(decided(event, { row: discarded, otherRow: discarded })).toMatchObject({
    ...isBad,
    row: { eventId: 'case-7' },
  });
});

test('that could not be read before, and can now, the same body is a case; a copy of one that was refused is none', () => {
  const event = envelope(7, 'e-1');
  const unread = rowOf(event, { state: 'dead-lettered', caseId: 'case-3', isReadable: false });
  const [isBad, isRepeat] = [{ as: 'bad', envelope: { event: { reason: 'id-used-twice' } } }, { as: 'repeat' }];
  expect(decided(event, { row: unread })).toMatchObject(isBad);
  expect(decided(event, { row: unread, otherRow: unread })).toMatchObject(isRepeat);
  expect(decided(event, { row: unread, isUsed: true })).toMatchObject(isRepeat);
  expect(decided(event, { row: { ...unread, isReadable: true } })).toMatchObject(isRepeat);
});

test('a resubmitted event that is a repeat notifies its case, unless the row itself will', () => {
  const event = envelope(9, 'e-1~1');
  const claimed = { caseId: 'case-3', position: 3 };
  expect(decided(event, { claimed, row: rowOf(event) })).toEqual({ as: 'repeat', acceptedCase: 'case-3' });
  const own = rowOf(event, { state: 'received', caseId: 'case-3' });
  expect(decided(event, { claimed, row: own })).toEqual({ as: 'repeat', acceptedCase: null });
});

test('a message that is delivered again finds its own row, and goes on', () => {
  const event = envelope(7, 'e-1');
  expect(decided(event, { row: rowOf(event, { isItself: true }), isUsed: true })).toMatchObject({ as: 'good' });
});

test('of two under one id in one batch the first counts', () => {
  const batch = [envelope(1, 'e-1'), envelope(2, 'e-1'), envelope(3, 'e-1', 'c-2')];
  const decisions = decideAll(
    batch,
    batch.map(({ sequence }) => known(sequence)),
  );
  expect(decisions.map(({ as }) => as)).toEqual(['good', 'repeat', 'bad']);
});

test('a resubmitted event takes the place of the one it stands for, and belongs to its case', () => {
  const claimed = { caseId: 'case-3', position: 3 };
  expect(decided(envelope(9, 'e-1~1'), { claimed })).toMatchObject({ row: { position: 3, caseId: 'case-3' } });
});

test('what another event of the same request has come to is the outcome of this one too', () => {
  expect(decided(envelope(9, 'e-1'), { outcome: 'completed' })).toMatchObject({
    as: 'good',
    row: { state: 'complete', outcome: 'completed', message: null },
  });
});

test('a request id that belongs to another body is a case', () => {
  expect(decided(envelope(9, 'e-1'), { isUsed: true })).toMatchObject({
    as: 'bad',
    envelope: {
      event: {
        reason: 'id-used-twice',
        message: 'Its request id came before with another body, in another event or order.',
      },
    },
    row: { source: 'test', eventId: 'e-1' },
  });
});
