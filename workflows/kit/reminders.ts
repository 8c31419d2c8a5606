import { condition } from '@temporalio/workflow';
import { msToNumber } from '@temporalio/common/lib/time.js';
import type { Duration } from '../../contracts/duration.ts';

/** A wait for people: when it began, when it ends by itself, and when it is reminded of. */
export interface WaitForPeople {
  /** True when the wait is over; read again whenever the flow moves. */
  readonly isOver: () => boolean;
  /** ISO 8601. The reminders are counted from here, also by a workflow that took the wait over from a lost one. */
  readonly since: string;
  /** ISO 8601; null when the wait has no end of its own. */
  readonly deadline: string | null;
  /** In rising order; those at or after the deadline are not sent. */
  readonly reminders: readonly Duration[];
  /** Reminders that were due before this wait was entered: `skip` leaves them out, `send` sends them at once. */
  readonly missed: 'skip' | 'send';
  /** Sends the reminder of this number, 1 for the first. The wait goes on when it resolves. */
  readonly remind: (number: number) => void | Promise<void>;
}

/** Waits from reminder to reminder, until the wait is over or its deadline has come. False at the deadline. */
export async function waitWithReminders({
  isOver,
  since,
  deadline,
  reminders,
  missed,
  remind,
}: WaitForPeople): Promise<boolean> {
  const end = deadline === null ? Number.POSITIVE_INFINITY : Date.parse(deadline);
  for (const [index, after] of reminders.entries()) {
    const due = Date.parse(since) + msToNumber(after);
    if (due >= end) break;
    if (missed === 'skip' && due <= Date.now()) continue;
    if (await condition(isOver, Math.max(due - Date.now(), 1))) return true;
    await remind(index + 1);
  }
  if (deadline !== null) return isOver() || (end > Date.now() && (await condition(isOver, end - Date.now())));
  await condition(isOver);
  return true;
}
