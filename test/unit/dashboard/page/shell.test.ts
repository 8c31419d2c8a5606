import { describe, expect, test } from 'vitest';
import { newDayAt } from '../../../../dashboard/page/parts/ages.ts';
import { freshId, UpdateIds } from '../../../../dashboard/page/shell/update-ids.ts';
import { errorMessage, RequestError } from '../../../../dashboard/page/shell/request.ts';

describe('ids of what is asked', () => {
  test('are made where there is no randomUUID: over plain http on a network address', () => {
    const { randomUUID } = crypto;
    Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true });
    try {
      expect(freshId()).toMatch(/^[0-9a-f]{32}$/);
      expect(freshId()).not.toBe(freshId());
    } finally {
      Object.defineProperty(crypto, 'randomUUID', { value: randomUUID, configurable: true });
    }
  });

  test('stay until there is an answer, so that asking once more does it no second time', () => {
    const ids = new UpdateIds();
    const first = ids.of('approve ord-1');
    expect([ids.of('approve ord-1'), ids.of('approve ord-2') === first]).toEqual([first, false]);
    ids.answered('approve ord-1');
    expect(ids.of('approve ord-1')).not.toBe(first);
  });
});

test('what went wrong is told with every field that is wrong', () => {
  const told = new RequestError('bad-input', 'The action cannot be done as it is.', [
    { field: 'lines[0].sellable', message: 'must not be more than what is accepted' },
  ]);
  expect(errorMessage(told)).toBe(
    'The action cannot be done as it is. lines[0].sellable: must not be more than what is accepted.',
  );
  expect(errorMessage(new Error('It is away.'))).toBe('It is away.');
});

test('the day stands above the first line of each day', () => {
  const instants = ['2026-11-22T12:00:00Z', null, '2026-11-22T12:30:00Z', '2026-11-24T12:00:00Z', null];
  const days = instants.map((_, index) => newDayAt(instants, index));
  expect(days.map((day) => day !== null)).toEqual([true, false, false, true, false]);
  expect(newDayAt([null, '2026-11-22T12:00:00Z'], 1)).toContain('22');
});
