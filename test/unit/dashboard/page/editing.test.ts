import { describe, expect, test } from 'vitest';
import type { CaseView } from '../../../../dashboard/server/api/cases.ts';
import { DraftCheck, placed } from '../../../../dashboard/page/repair/problems.ts';
import { edited, editingOf, startedOver, KeptDrafts } from '../../../../dashboard/page/repair/editing.ts';
import { findInvisible } from '../../../../dashboard/page/repair/json-text.ts';

const textOf = (text: string) => ({ text, bytes: text.length, isUtf8: true, isCut: false });

const aCase = (given: Partial<CaseView>): CaseView => ({
  caseId: 'case-1',
  state: 'waiting',
  reason: 'bad-body',
  message: 'The body does not fit.',
  rule: null,
  subject: 'customer.event.place-order',
  consumer: 'customer-event-queue',
  customerId: 'c-1',
  owner: null,
  openedAt: '2026-11-23T08:00:00Z',
  waitingSince: null,
  closedAt: null,
  resubmissions: 0,
  workflowId: 'repair/case-1',
  headers: {},
  correctable: ['ce-time'],
  original: textOf('{"a":1}'),
  proposal: null,
  problems: [],
  possible: ['resubmit', 'discard', 'take'],
  history: [],
  ...given,
});

const laidOut = '{\n  "a": 1\n}';
const draft = { text: laidOut, headers: {} };

describe('what somebody has written', () => {
  test('is there again when the case has not changed', () => {
    const editing = editingOf(aCase({}), { text: '{"a":2}', headers: {}, begun: laidOut });
    expect(editing).toMatchObject({ text: '{"a":2}', fresh: laidOut, standing: 'edited', unsent: null });
    expect(startedOver(editing)).toMatchObject({ text: laidOut, standing: 'fresh' });
  });

  test('is kept when the case changed meanwhile, and that is said until it is started over', () => {
    const found = aCase({ proposal: textOf('{"a":3}'), resubmissions: 1 });
    const editing = editingOf(found, { text: '{"a":2}', headers: {}, begun: laidOut });
    expect(editing).toMatchObject({ text: '{"a":2}', standing: 'stale', seen: 1, begun: laidOut });
    expect(edited(editing, { text: '{"a":4}' }).standing).toBe('stale');
    expect(startedOver(edited(editing, { text: '{"a":4}' }))).toMatchObject({
      text: '{\n  "a": 3\n}',
      standing: 'fresh',
    });
  });

  test('is shown as not sent when somebody else was quicker', () => {
    const kept = { text: '{"a":2}', headers: {}, begun: laidOut };
    expect(editingOf(aCase({ state: 'resubmitted', possible: ['take'] }), kept)).toMatchObject({
      text: laidOut,
      standing: 'fresh',
      unsent: '{"a":2}',
    });
    expect(editingOf(aCase({ original: null, possible: [] }), kept).unsent).toBe('{"a":2}');
    expect(editingOf(aCase({ state: 'resubmitted', possible: ['take'] }), null).unsent).toBeNull();
  });

  test('is kept by case, unless it changes nothing', () => {
    const place = new Map<string, string>();
    const drafts = new KeptDrafts({
      getItem: (key) => place.get(key) ?? null,
      setItem: (key, value) => void place.set(key, value),
      removeItem: (key) => void place.delete(key),
    });
    drafts.keep('case-1', { text: 'x', headers: {}, begun: 'y' });
    expect([drafts.of('case-1'), drafts.of('case-2')]).toEqual([{ text: 'x', headers: {}, begun: 'y' }, null]);
    // After a reload as well.
    const later = new KeptDrafts({
      getItem: (key) => place.get(key) ?? null,
      setItem: () => undefined,
      removeItem: () => undefined,
    });
    expect(later.of('case-1')?.text).toBe('x');
    drafts.keep('case-1', { text: 'y', headers: {}, begun: 'y' });
    expect([drafts.of('case-1'), place.size]).toEqual([null, 0]);
  });
});

test('a draft that the browser has no room for is there until the page is read anew', () => {
  const drafts = new KeptDrafts({
    getItem: () => null,
    setItem: () => {
      throw new Error('no room');
    },
    removeItem: () => undefined,
  });
  expect(() => drafts.keep('case-1', { text: 'x', headers: {}, begun: 'y' })).toThrow('no room');
  expect(drafts.of('case-1')?.text).toBe('x');
});

describe('what is wrong', () => {
  test('nothing is sent before the server has looked at the very text', () => {
    const check = new DraftCheck();
    check.assume([], laidOut);
    expect(check.fits(draft)).toBeNull();
    check.answered([], draft);
    expect([check.fits(draft), check.fits({ text: '{}', headers: {} })]).toEqual([true, null]);
    check.answered([{ field: 'a', message: 'must be text' }], draft);
    expect([check.fits(draft), check.problems[0]?.place?.line]).toEqual([false, 2]);
  });

  test('a header that was missing may be no problem any more: the answer counts, not what was wrong when it came', () => {
    const check = new DraftCheck();
    check.assume([{ field: 'ce-source', message: 'is missing' }], laidOut);
    expect(check.fits(draft)).toBe(false);
    check.answered([], draft);
    expect(check.fits(draft)).toBe(true);
  });

  test('a character that cannot be seen is named where it stands, but not inside of quotes', () => {
    expect(findInvisible('\uFEFF{}')).toEqual({ name: 'U+FEFF', place: { line: 1, column: 1, start: 0, end: 1 } });
    expect(findInvisible('{\n  \u00A0"a": 1}')).toMatchObject({ name: 'U+00A0', place: { line: 2, start: 4 } });
    expect(findInvisible('{"a": "\u00A0\u200D"}')).toBeNull();
    const problems = placed([{ field: 'the message', message: 'is not JSON' }], '\uFEFF{}');
    expect(problems.map(({ place }) => place?.line)).toEqual([1, 1]);
    expect(problems[1]?.message).toContain('U+FEFF');
    expect(placed([], '\uFEFF{}')).toEqual([]);
  });
});
