import { expect, test } from 'vitest';
import { applyRules } from '../../../activities/repair/rules/apply-rules.ts';
import { readMessage } from '../../../activities/repair/rules/rule.ts';
import { readEventJson } from '../../../contracts/schemas/read-json.ts';

/** As large as a message may be, and full of quotes that close nothing. */
const endless = new TextEncoder().encode(`{"a":"${'\\"'.repeat(32_000)}`);

// Each takes seconds when a string that never closes is looked for behind every quote: a hundred of them do not end in this test's time.
test('a text that never closes is refused as quickly as any other', () => {
  for (let turn = 0; turn < 100; turn += 1) {
    expect(readEventJson(endless)).toEqual({ ok: false, reason: 'not-json', message: 'The message is not JSON.' });
  }
});

test('a text that never closes keeps no rule busy', () => {
  const about = { of: 'customer-event', kind: 'place-order', caseId: 'case-1', headers: {} } as const;
  for (let turn = 0; turn < 5; turn += 1) {
    const { bytes } = applyRules(readMessage({ ...about, bytes: Buffer.from(endless) })).message;
    expect(Buffer.from(bytes).equals(endless)).toBe(true);
  }
});
