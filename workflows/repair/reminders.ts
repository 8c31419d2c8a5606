import { msToNumber } from '@temporalio/common/lib/time.js';
import { condition } from '@temporalio/workflow';
import type { CaseFile } from './case-file.ts';

/** Waits until somebody acts, or the message comes back once more; reminds by the policy, counted from when the case began to wait. */
export async function waitAtTheDesk(file: CaseFile): Promise<void> {
  const since = file.standing?.waitingSince ?? new Date().toISOString();
  for (const [index, after] of file.policy.reminders.entries()) {
    const due = Date.parse(since) + msToNumber(after);
    if (await condition(file.hasMoved, Math.max(1, due - Date.now()))) break;
    // The same reminder again, by a workflow that was started anew, is one.
    await file.steps.remindOfCase(`${file.caseId}/reminded/${since}/${index + 1}`);
  }
  await condition(file.hasMoved);
  // Nothing of a case that waits is on its way: this was word of an earlier message.
  file.forgetAccepted();
}
