import { condition } from '@temporalio/workflow';
import { msToNumber } from '@temporalio/common/lib/time.js';
import { mailCustomer } from './commands.ts';
import type { ReturnFile } from './return-file.ts';
import type { Duration } from '../../contracts/duration.ts';
import type { ReturnState } from '../../contracts/mediators/return-requested.ts';
import type { ReturnPolicy } from '../../contracts/mediators/return-policy.ts';

/** The states in which a return waits for a person, and what each waits for. */
export const waits = {
  'awaiting-approval': 'approval',
  'awaiting-parcel': 'parcel',
  'awaiting-inspection': 'inspection',
} as const satisfies { readonly [State in ReturnState]?: keyof ReturnPolicy };

export type WaitingState = keyof typeof waits;

/** When the wait that begins now is over by itself, ISO 8601; null when it is not. */
export function deadlineOf({ policy }: ReturnFile, state: WaitingState): string | null {
  const wait: { readonly deadline?: Duration; readonly reminders: readonly Duration[] } = policy[waits[state]];
  return wait.deadline ? new Date(Date.now() + msToNumber(wait.deadline)).toISOString() : null;
}

/**
 * Waits until somebody has acted, from reminder to reminder, or the deadline has come: then it is still in that state. Reminders that were due before,
 * under an earlier workflow, are not sent again.
 */
export async function untilActed(file: ReturnFile, state: WaitingState): Promise<void> {
  const isOver = () => file.progress.state !== state;
  const since = Date.parse(file.progress.since);
  const deadline = file.progress.deadline === null ? Number.POSITIVE_INFINITY : Date.parse(file.progress.deadline);
  for (const [index, after] of file.policy[waits[state]].reminders.entries()) {
    const at = since + msToNumber(after);
    if (at >= deadline) break;
    if (file.recoveredAt !== undefined && at <= Date.now()) continue;
    if (await condition(isOver, Math.max(at - Date.now(), 1))) return;
    remind(file, state, index + 1);
  }
  if (deadline === Number.POSITIVE_INFINITY) await condition(isOver);
  else await condition(isOver, Math.max(deadline - Date.now(), 1));
}

/** The customer is mailed; those who keep the desk see how often it was reminded. */
function remind(file: ReturnFile, state: WaitingState, number: number): void {
  file.change({ reminders: number });
  const { deadline } = file.progress;
  const about = { waitsFor: waits[state], ...(deadline === null ? {} : { deadline }) };
  mailCustomer(file, 'return-reminder', about, `${waits[state]}-${number}`);
  file.background.start(() => file.record());
}
