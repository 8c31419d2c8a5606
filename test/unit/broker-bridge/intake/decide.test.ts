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

const known = (place: string, more: Partial<Known> = {}): Known => ({
  place,
  row: null,
  otherRow: null,
  claimed: null,
  isUsed: false,
  outcome: null,
  ...more,
});

const decided = (one: ReturnType<typeof envelope>, more: Partial<Known> = {}) =>
  decideAll([one], [known(one.ownCase, more)])[0];

test('a new event is received, at its own place, with its bytes', () => {
  expect(decided(envelope(7, 'e-1'))).toMatchObject({
    row: {
      state: 'received',
      source: 'test',
      eventId: 'e-1',
      place: 'case-7',
      position: null,
      caseId: null,
      message: {},
    },
    acceptedCase: null,
  });
});

test('the same body again is a repeat; another body is a case under an identity of its own', () => {
  const event = envelope(7, 'e-1');
  expect(decided(event, { row: rowOf(event) })).toEqual({ row: null, acceptedCase: null });
  expect(decided(event, { row: rowOf(event, { bodyHash: 'other' }) })).toMatchObject({
    row: { ...event.otherKey, caseId: 'case-7', state: 'dead-lettered', fault: { reason: 'id-used-twice' } },
  });
});

test('the same other body again is a repeat of its own case', () => {
  const event = envelope(7, 'e-1');
  const row = rowOf(event, { bodyHash: 'other' });
  const otherRow = rowOf(event, { state: 'dead-lettered', caseId: 'case-5' });
  expect(decided(event, { row, otherRow })).toMatchObject({ row: null });
  expect(envelope(8, 'e-1').otherKey).toEqual(event.otherKey);
  expect(envelope(8, 'e-1', 'c-2').otherKey).not.toEqual(event.otherKey);
});

test('under another name, or when it was discarded before, the same body is a case', () => {
  const event = envelope(7, 'e-1');
  const isBad = { row: { state: 'dead-lettered', fault: { reason: 'id-used-twice' } } };
  expect(decided(event, { row: rowOf(event, { name: 'customer-registred' }) })).toMatchObject(isBad);
  const discarded = rowOf(event, { state: 'discarded', caseId: 'case-3' });
  expect(decided(event, { row: discarded })).toMatchObject(isBad);
  expect(decided(event, { row: discarded, otherRow: discarded })).toMatchObject({
    row: { ...isBad.row, eventId: 'case-7' },
  });
});

test('that could not be read before, and can now, the same body is a case; a copy of one that was refused is none', () => {
  const event = envelope(7, 'e-1');
  const unread = rowOf(event, { state: 'dead-lettered', caseId: 'case-3', isReadable: false });
  const isBad = { row: { state: 'dead-lettered', fault: { reason: 'id-used-twice' } } };
  const isRepeat = { row: null };
  expect(decided(event, { row: unread })).toMatchObject(isBad);
  expect(decided(event, { row: unread, otherRow: unread })).toMatchObject(isRepeat);
  expect(decided(event, { row: unread, isUsed: true })).toMatchObject(isRepeat);
  expect(decided(event, { row: { ...unread, isReadable: true } })).toMatchObject(isRepeat);
});

test('a resubmitted event that is a repeat ends its case, unless it is a dead letter of that case', () => {
  const event = envelope(9, 'e-1~1');
  const claimed = { caseId: 'case-3', position: 3 };
  expect(decided(event, { claimed, row: rowOf(event) })).toEqual({ row: null, acceptedCase: 'case-3' });
  const own = rowOf(event, { state: 'dead-lettered', caseId: 'case-3' });
  expect(decided(event, { claimed, row: own })).toEqual({ row: null, acceptedCase: null });
});

test('a message that is delivered again finds its own row, and is a repeat', () => {
  const event = envelope(7, 'e-1');
  expect(decided(event, { row: rowOf(event, { isItself: true }), isUsed: true })).toEqual({
    row: null,
    acceptedCase: null,
  });
});

test('of two under one id in one batch the first counts', () => {
  const batch = [envelope(1, 'e-1'), envelope(2, 'e-1'), envelope(3, 'e-1', 'c-2')];
  const decisions = decideAll(
    batch,
    batch.map(({ ownCase }) => known(ownCase)),
  );
  expect(decisions.map(({ row }) => row?.state)).toEqual(['received', undefined, 'dead-lettered']);
});

test('a resubmitted event takes the place of the one it stands for, belongs to its case, and ends it', () => {
  const claimed = { caseId: 'case-3', position: 3 };
  const event = envelope(9, 'e-1~1');
  const itsPlace = { place: 'case-9', position: 3, caseId: 'case-3' };
  expect(decided(event, { claimed })).toMatchObject({ row: itsPlace, acceptedCase: 'case-3' });
  const badAgain = decided(event, { claimed, isUsed: true });
  expect(badAgain).toMatchObject({ row: { ...itsPlace, state: 'dead-lettered' }, acceptedCase: null });
});

test('what another event of the same request has come to is the outcome of this one too', () => {
  expect(decided(envelope(9, 'e-1'), { outcome: 'completed' })).toMatchObject({
    row: { state: 'complete', outcome: 'completed', message: null },
  });
});

test('a request id that belongs to another body is a case', () => {
  expect(decided(envelope(9, 'e-1'), { isUsed: true })).toMatchObject({
    row: {
      source: 'test',
      eventId: 'e-1',
      state: 'dead-lettered',
      fault: {
        reason: 'id-used-twice',
        message: 'Its request id came before with another body, in another event or order.',
      },
    },
  });
});
