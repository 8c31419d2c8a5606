import { channels } from '../channels.ts';
import type { StartOrder } from './order-mediator.ts';
import type { PlaceOrder } from '../place-order.ts';
import type { WorkflowStart } from '../initiating-event.ts';
import { orderWorkflowId } from '../ids.ts';
import { mediatorAttributes } from '../search-attributes.ts';

/** The search attributes and texts that an order's workflow starts with, in the words of Temporal's client. */
const orderDescription = (start: StartOrder) => ({
  typedSearchAttributes: [
    { key: { name: 'OrderState', type: 'KEYWORD' }, value: 'open' },
    ...mediatorAttributes(start.event.customerId, start.mediatorClass),
  ] as WorkflowStart['typedSearchAttributes'],
  staticSummary: summaryOf(start.event),
  staticDetails: detailsOf(start.event),
});

function summaryOf({ customerId, lines, shipTo }: PlaceOrder): string {
  const pieces = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return `${customerId}: ${counted(lines.length, 'title')}, ${counted(pieces, 'piece')}, to ${shipTo.country}`;
}

/** Markdown for the Web UI. It names neither card nor address. */
const detailsOf = ({ requestId, customerId, lines, currency, shipTo }: PlaceOrder): string =>
  [
    `Request \`${requestId}\` of customer \`${customerId}\`, in ${currency}, to ${shipTo.country}.`,
    '',
    '| ISBN | quantity |',
    '| --- | ---: |',
    ...lines.map(({ isbn, quantity }) => `| ${isbn} | ${quantity} |`),
  ].join('\n');

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** The start of an order's mediator: one workflow per request. The caller adds its policies of id reuse. */
export const orderStart = (start: StartOrder) => ({
  ...(start.policy.lane === 'compact' ? { taskQueue: channels.compact } : {}),
  workflowId: orderWorkflowId(start.event.requestId),
  args: [start] as [StartOrder],
  memo: { bodyHash: start.bodyHash },
  ...orderDescription(start),
});
