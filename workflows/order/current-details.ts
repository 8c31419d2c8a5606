import type { Hold, HoldReason } from '../../contracts/mediators/holds.ts';
import { formatMoney } from '../../contracts/money.ts';
import type { Progress } from '../../contracts/mediators/order-mediator.ts';
import { detailsOf, moment, plain } from '../kit/steps.ts';

/** What the Temporal Web UI shows of an order: where it stands, and every command as a Markdown table. */
export function currentDetails(progress: Progress): string {
  const total = progress.total ? ` · ${formatMoney(progress.total)}` : '';
  const paragraphs = [
    `**${progress.orderId ?? progress.requestId}** · ${progress.state} · step ${progress.step} of 5${total}`,
    ...(progress.reason ? [`Undone because: ${plain(progress.reason)}`] : []),
    ...progress.holds.flatMap(holdParagraphs),
    ...progress.notes.map(plain),
  ];
  return detailsOf(paragraphs, progress.steps);
}

/** What the order waits for, and what would help. */
const holdParagraphs = ({ reason, command, message, help, since, deadline }: Hold): readonly string[] => [
  `**Waits for ${waitsFor[reason]}** at ${command}, since ${moment(since)}${deadline ? `, until ${moment(deadline)}` : ''}: ${plain(message)}`,
  `_${help}_`,
];

const waitsFor: { readonly [Reason in HoldReason]: string } = {
  approval: 'an approval',
  payment: 'its payment',
  stock: 'stock',
  address: 'an address',
  packing: 'packing',
  fault: 'a processor that fails',
  compensation: 'a compensation that fails',
};
