import type { CaseState } from '../../contracts/mediators/repair.ts';
import type { AuditStep } from '../../app/reads/audit.ts';
import type { RepairCaseDetails } from '../../app/reads/cases.ts';
import type { RepairCase } from '../../contracts/views.ts';
import type { Style } from './style.ts';
import { moment, pairs, table } from './table.ts';
import { sentenceOf } from '../../app/app-error.ts';

/** Cases as a table, one a line. */
export const caseTable = (cases: readonly RepairCase[], style: Style): readonly string[] =>
  table(
    ['case', 'state', 'reason', 'rules', 'subject', 'customer', 'opened', 'owner'].map((heading) => ({ heading })),
    cases.map((of) => [
      of.caseId,
      paintedCase(of.state, style),
      of.reason,
      of.rule ?? '-',
      withoutControls(of.subject),
      of.customerId ?? '-',
      moment(of.openedAt),
      of.owner ?? '-',
    ]),
    style.dim,
  );

/** One case: its message's origin, the problems, and the steps of its repair. */
export function caseSheet(of: RepairCaseDetails, style: Style): readonly string[] {
  const told = pairs([
    ['case', style.bold(of.caseId)],
    ['state', paintedCase(of.state, style)],
    ['reason', `${of.reason}: ${of.message}`],
    ['from', `${of.consumer}, on ${withoutControls(of.subject)}, place ${of.streamSequence}`],
    ['customer', of.customerId ?? '-'],
    ['owner', of.owner ?? '-'],
    ['rules', of.rule ?? '-'],
    ['sent back', `${of.resubmissions} times`],
  ]);
  const problems = of.problems.map(({ field, message }) => [withoutControls(field), message]);
  const wrong =
    problems.length > 0 ? ['', ...table([{ heading: 'field' }, { heading: 'what is wrong' }], problems)] : [];
  return [...told, ...wrong, '', ...headerTable(of), '', ...auditTable(of.audit, style)];
}

/** The headers with the corrections of people; one that is left out has no value. */
const headerTable = ({ headers, correctedHeaders }: RepairCaseDetails): readonly string[] =>
  table(
    [{ heading: 'header' }, { heading: 'value' }],
    Object.entries({ ...headers, ...correctedHeaders }).map((header) => header.map(withoutControls)),
  );

const auditTable = (audit: readonly AuditStep[], style: Style): readonly string[] =>
  table(
    [
      { heading: 'place', align: 'right' },
      { heading: 'when' },
      { heading: 'step' },
      { heading: 'who' },
      { heading: 'what' },
    ],
    audit.map(({ position, at, step, actor, details }) => [
      String(position),
      moment(at),
      step,
      actor ?? '-',
      stepWords(details),
    ]),
    style.dim,
  );

/** The parts of a step that people need; its hashes are in `--json`. */
function stepWords({ rules, reason, id }: AuditStep['details']): string {
  if (Array.isArray(rules) && rules.length > 0) return rules.join(', ');
  const told = [reason, id].find((value) => typeof value === 'string');
  return withoutControls(told ?? '');
}

const paintedCase = (state: CaseState, style: Style): string => {
  if (state === 'waiting') return style.busy(state);
  return state === 'repaired' ? style.good(state) : state;
};

/** Text from outside, without control characters. */
const withoutControls = (text: string): string => sentenceOf(text);
