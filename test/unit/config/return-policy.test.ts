import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadReturnPolicy } from '../../../config/return-policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'policy-'));
afterAll(() => rmSync(folder, { recursive: true }));

function loadedFrom(content: unknown) {
  const file = join(folder, 'policy.json');
  writeFileSync(file, JSON.stringify(content));
  return loadReturnPolicy({ RETURN_POLICY_FILE: file });
}

const own = loadReturnPolicy({});

describe('the policy of returns', () => {
  it('is the shop’s own when the environment names no file', () => {
    expect(own.parcel.deadline).toBe('30 days');
    expect(loadReturnPolicy({ RETURN_POLICY_FILE: '' })).toEqual(own);
  });

  it('takes from a file what the file has, and the rest stays', () => {
    expect(loadedFrom({ approval: { deadline: '2 days' }, retryFor: '1 minute' })).toEqual({
      ...own,
      approval: { ...own.approval, deadline: '2 days' },
      retryFor: '1 minute',
    });
  });

  it.each([
    ['a deadline of nothing', { parcel: { deadline: '0 days' } }, 'parcel.deadline must be'],
    [
      'a deadline of the inspection',
      { inspection: { deadline: '1 day' } },
      'inspection has no "deadline", only reminders',
    ],
    ['an unknown part', { holds: {} }, 'the policy has no "holds", only approval, parcel, inspection, retryFor'],
    [
      'an unknown part of a wait',
      { approval: { after: '1 day' } },
      'approval has no "after", only deadline, reminders',
    ],
  ])('refuses a file with %s', (_, content, sentence) => {
    expect(() => loadedFrom(content)).toThrow(sentence);
    expect(() => loadedFrom(content)).toThrow('RETURN_POLICY_FILE');
  });
});
