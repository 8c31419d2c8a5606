import type { CaseProblem } from '../../contracts/mediators/repair.ts';
import { repairable, type MessageOfCase } from './case-message.ts';
import type { Judge } from './examine.ts';
import { resubmission } from './outgoing.ts';

/** What its consumer would find wrong with the case's message if this were sent back now, with the headers it would be sent with; nothing when it would be taken. */
export function problemsOfDraft(of: MessageOfCase, data: Uint8Array, judge: Judge): readonly CaseProblem[] {
  const { subject, headers } = resubmission({ ...of, resubmissions: of.resubmissions + 1 }, data, []);
  const kind = repairable(of).of;
  return judge({ of: kind, headers, data, subject: kind === 'fact' ? of.subject : subject });
}
