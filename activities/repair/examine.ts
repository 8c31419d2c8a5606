import { largestRepairable, type CaseProblem, type CaseReason } from '../../contracts/mediators/repair.ts';
import type { CaseMessage, Proposal } from './steps.ts';
import { applyRules } from './rules/apply-rules.ts';
import { repairable } from './case-message.ts';
import type { RepairableMessage } from './rules/rule.ts';

/** What is wrong with a message as its consumer would see it; nothing when it would be taken. Never quotes it. */
export type Judge = (
  message: Pick<RepairableMessage, 'of' | 'headers'> & { readonly subject: string; readonly data: Uint8Array },
) => readonly CaseProblem[];

/** What the rules came to. */
export interface Examined {
  readonly proposal: Proposal;
  /** Whether it goes back without anybody looking at it. */
  readonly goesBack: boolean;
}

/** A message that rules have repaired so often and that failed each time needs a person. */
const mostResubmissions = 3;

/** What rules must not decide: whether another event is meant under the same id, or what a mediator said no to. */
const byHandOnly: ReadonlySet<CaseReason> = new Set(['too-large', 'id-used-twice', 'refused', 'advisory']);

/** False when the case can only be discarded. */
export const canResubmit = ({ reason, body, proposal }: CaseMessage): boolean =>
  reason !== 'advisory' && Math.max(body?.byteLength ?? 0, proposal?.byteLength ?? 0) <= largestRepairable;

/** Tries the rules on the case's message. It goes back by itself when they changed something and nothing is wrong with it any more. */
export function examine(of: CaseMessage, judge: Judge): Examined {
  const before = repairable(of);
  if (!canResubmit(of)) return { proposal: { body: before.bytes, problems: of.problems, rules: [] }, goesBack: false };
  const { message, applied } = applyRules(before);
  const found = judge({ of: message.of, subject: of.subject, headers: message.headers, data: message.bytes });
  const problems = found.length > 0 ? found : applied.length > 0 ? [] : of.problems;
  const isNew = applied.length > 0 && of.resubmissions < mostResubmissions && !byHandOnly.has(of.reason);
  return { proposal: { body: message.bytes, problems, rules: applied }, goesBack: isNew && found.length === 0 };
}
