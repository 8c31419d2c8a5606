import { kindInRequestId } from '../../contracts/ids.ts';
import { formatMoney } from '../../contracts/money.ts';
import type { Progress, StepRecord } from '../../contracts/order-mediator.ts';

/** What the Temporal Web UI shows of an order: where it stands, and every command as a Markdown table. */
export function currentDetails(progress: Progress): string {
  const total = progress.total ? ` · ${formatMoney(progress.total)}` : '';
  const reason = progress.reason ? `\n\nUndone because: ${plain(progress.reason)}` : '';
  return [
    `**${progress.orderId ?? progress.requestId}** · ${progress.state} · step ${progress.step} of 5${total}${reason}`,
    '',
    '| step | command | processor | asked | acknowledged | attempt |',
    '| --- | --- | --- | --- | --- | --- |',
    ...progress.steps.map(row),
  ].join('\n');
}

const row = (record: StepRecord): string =>
  `| ${record.step} | ${record.command}${kindOf(record)} | ${record.processor} | ${clock(record.askedAt)} | ${answer(record)} | ${record.attempt ?? ''} |`;

const kindOf = ({ requestId }: StepRecord): string => {
  const kind = kindInRequestId(requestId);
  return kind ? ` (${kind})` : '';
};

const answer = (record: StepRecord): string => {
  if (record.refusal) return `refused: ${record.refusal}`;
  if (!record.acknowledgedAt) return 'waiting';
  return `after ${Date.parse(record.acknowledgedAt) - Date.parse(record.askedAt)} ms`;
};

const clock = (instant: string): string => instant.slice(11, 23);

/** Reasons may carry what a customer typed: no Markdown, no table cells. */
const plain = (text: string): string => text.replace(/[|<>`*_[\]\\]/g, ' ');
