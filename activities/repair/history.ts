import type { CaseMessage } from './steps.ts';
import { nameOfRule, repairRules } from './rules/apply-rules.ts';

/** What was done to a message, as sentences for whoever gets it back. Rules that are no more are named only. */
export const historyOf = ({ rules, resubmissions, caseId }: CaseMessage): readonly string[] => [
  ...rules.map((applied) => {
    const rule = repairRules.find((known) => nameOfRule(known) === applied);
    return rule ? `${applied}: ${rule.sentence}` : applied;
  }),
  `Resubmitted from the case ${caseId}, time ${resubmissions}.`,
];
