import type { StoredCase } from '../../contracts/mediators/repair-steps.ts';
import type { CaseState } from '../../contracts/mediators/repair.ts';

/**
 * The case for the Temporal Web UI: its reason, the rules that were applied, and the problems that are left. It never
 * shows the message.
 */
export function caseDetails(stored: StoredCase): string {
  const { state, reason, message, consumer, subject, owner, rules, resubmissions, problems, waitingSince } = stored;
  const since = waitingSince === null ? '' : ` since ${waitingSince.slice(0, 10)} ${waitingSince.slice(11, 16)} UTC`;
  const isOverdue = state === 'resubmitted' && waitingSince !== null;
  return [
    `**${isOverdue ? 'On its way back, and not heard of: a person may resubmit or discard it' : states[state]}**${since}${owner === null ? '' : ` · ${plain(owner)}`}`,
    '',
    `${reason}: ${plain(message)}`,
    '',
    `From ${plain(consumer)}, on ${plain(subject)}; sent back ${resubmissions} times.`,
    '',
    rules.length > 0 ? `Rules that were applied: ${rules.map(plain).join(', ')}` : 'No rule was applied.',
    ...(problems.length > 0 ? ['', '| field | what is wrong |', '| --- | --- |'] : []),
    ...problems.map((problem) => `| ${plain(problem.field)} | ${plain(problem.message)} |`),
  ].join('\n');
}

const states: { readonly [State in CaseState]: string } = {
  repairing: 'Being repaired',
  waiting: 'Waits for a person at the repair desk',
  resubmitted: 'On its way back to where it came from',
  repaired: 'Repaired: it was taken',
  discarded: 'Discarded',
};

/** Removes Markdown and table marks, because field names come from outside. */
const plain = (text: string): string => text.replace(/[|<>`*_[\]\\\r\n]/g, ' ');
