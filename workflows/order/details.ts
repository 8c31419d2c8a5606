import { defineSearchAttributeKey } from '@temporalio/common';
import { log, upsertSearchAttributes } from '@temporalio/workflow';
import type { Hold, HoldReason } from '../../contracts/mediators/holds.ts';
import type { Progress } from '../../contracts/mediators/order-mediator.ts';
import { formatMoney } from '../../contracts/money.ts';
import { detailsOf, moment, plain, showDetails } from '../kit/steps.ts';
import { progressOf, type Order } from './state.ts';

const orderIdKey = defineSearchAttributeKey('OrderId', 'KEYWORD');
const orderStateKey = defineSearchAttributeKey('OrderState', 'KEYWORD');
const holdReasonsKey = defineSearchAttributeKey('HoldReasons', 'KEYWORD_LIST');
const mediatorClassKey = defineSearchAttributeKey('MediatorClass', 'KEYWORD');

/** Shows an order that has moved: current details, search attributes, log. */
export function showOrder(before: Order, after: Order): void {
  const [was, is] = [progressOf(before), progressOf(after)];
  showDetails(orderDetails(is));
  showIdentity(was, is);
  showState(was, is);
  if (is.step !== was.step) logOrder(is, `step ${is.step}`);
  for (const note of is.notes.slice(was.notes.length)) logOrder(is, note);
}

function showIdentity({ orderId: was }: Progress, { orderId }: Progress): void {
  if (orderId !== null && orderId !== was) upsertSearchAttributes([{ key: orderIdKey, value: orderId }]);
}

function showState(was: Progress, is: Progress): void {
  if (is.state === was.state && is.holds === was.holds) return;
  logOrder(is, is.holds.length > 0 ? `${is.state}: ${reasonsOf(is).join(', ')}` : is.state);
  upsertSearchAttributes([
    { key: orderStateKey, value: is.state },
    ...(is.holds === was.holds ? [] : [{ key: holdReasonsKey, value: [...reasonsOf(is)] }]),
  ]);
}

/** An order that waits for an approval is of the class `complex` from then on. */
export const showComplex = (): void => upsertSearchAttributes([{ key: mediatorClassKey, value: 'complex' }]);

const reasonsOf = ({ holds }: Progress): readonly HoldReason[] => [...new Set(holds.map(({ reason }) => reason))];

const logOrder = ({ requestId, orderId }: Progress, sentence: string): void =>
  log.info(sentence, { requestId, orderId });

/** The text in the Temporal Web UI: where the order stands, and every command as a Markdown table. */
function orderDetails(progress: Progress): string {
  const total = progress.total ? ` · ${formatMoney(progress.total)}` : '';
  const paragraphs = [
    `**${progress.orderId ?? progress.requestId}** · ${progress.state} · step ${progress.step} of 5${total}`,
    ...(progress.reason ? [`Undone because: ${plain(progress.reason)}`] : []),
    ...progress.holds.flatMap(holdParagraphs),
    ...progress.notes.map(plain),
  ];
  return detailsOf(paragraphs, progress.steps);
}

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
