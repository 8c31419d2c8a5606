import { kindInRequestId } from '../../contracts/ids.ts';
import type { StepRecord } from '../../contracts/mediators/steps.ts';

/* What the current details of every flow are made of. */

/** Every command as a Markdown table. */
export const stepTable = (steps: readonly StepRecord[]): readonly string[] => [
  '| step | command | processor | asked | acknowledged | attempt |',
  '| --- | --- | --- | --- | --- | --- |',
  ...steps.map(row),
];

/** An instant to the minute. */
export const moment = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;

const row = (record: StepRecord): string =>
  `| ${record.step} | ${record.command}${kindOf(record)} | ${record.processor} | ${clock(record.askedAt)} | ${answer(record)} | ${record.attempt ?? ''} |`;

const kindOf = ({ requestId }: StepRecord): string => {
  const kind = kindInRequestId(requestId);
  return kind ? ` (${kind})` : '';
};

const answer = (record: StepRecord): string => {
  if (record.refusal) return record.refusal === 'Fault' ? 'failed' : `refused: ${record.refusal}`;
  if (!record.acknowledgedAt) return 'waiting';
  return `after ${Date.parse(record.acknowledgedAt) - Date.parse(record.askedAt)} ms`;
};

const clock = (instant: string): string => instant.slice(11, 23);

/** Reasons may carry what a customer typed: no Markdown, no table cells. */
export const plain = (text: string): string => text.replace(/[|<>`*_[\]\\]/g, ' ');
