import type { Hold, HoldReason } from '../../contracts/holds.ts';
import { kindInRequestId } from '../../contracts/ids.ts';
import { formatMoney } from '../../contracts/money.ts';
import type { Progress, StepRecord } from '../../contracts/order-mediator.ts';

/** What the Temporal Web UI shows of an order: where it stands, and every command as a Markdown table. */
export function currentDetails(progress: Progress): string {
  const total = progress.total ? ` · ${formatMoney(progress.total)}` : '';
  const reason = progress.reason ? [`Undone because: ${plain(progress.reason)}`, ''] : [];
  return [
    `**${progress.orderId ?? progress.requestId}** · ${progress.state} · step ${progress.step} of 5${total}`,
    '',
    ...reason,
    ...holdLines(progress.holds),
    ...progress.notes.flatMap((note) => [plain(note), '']),
    '| step | command | processor | asked | acknowledged | attempt |',
    '| --- | --- | --- | --- | --- | --- |',
    ...progress.steps.map(row),
  ].join('\n');
}

/** What the order waits for, and what would help. */
const holdLines = (holds: readonly Hold[]): readonly string[] =>
  holds.flatMap(({ reason, command, message, help, since, deadline }) => [
    `**Waits for ${waitsFor[reason]}** at ${command}, since ${moment(since)}${deadline ? `, until ${moment(deadline)}` : ''}: ${plain(message)}`,
    '',
    `_${help}_`,
    '',
  ]);

const waitsFor: { readonly [Reason in HoldReason]: string } = {
  payment: 'its payment',
  stock: 'stock',
  address: 'an address',
  packing: 'packing',
  fault: 'a processor that fails',
  undo: 'an undo that fails',
};

const moment = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;

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
const plain = (text: string): string => text.replace(/[|<>`*_[\]\\]/g, ' ');
