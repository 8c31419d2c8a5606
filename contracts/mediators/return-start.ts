import { returnWorkflowId } from '../ids.ts';
import type { StartReturn } from './returns-mediator.ts';
import type { ReturnRequested } from './return-requested.ts';
import type { MediatorClass, CheckedEvent, WorkflowStart } from '../initiating-event.ts';
import { mediatorAttributes } from '../search-attributes.ts';

/** How the returns mediator is started: one workflow per request, for ever. */
export function returnStart(
  { body, bodyHash, origin, policies }: CheckedEvent<ReturnRequested>,
  mediatorClass: MediatorClass,
): WorkflowStart {
  const start: StartReturn = { event: body, bodyHash, origin, mediatorClass, policy: policies.return };
  const pieces = body.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    workflowId: returnWorkflowId(body.requestId),
    args: [start],
    memo: { bodyHash },
    typedSearchAttributes: [
      ...mediatorAttributes(body.customerId, mediatorClass),
      { key: { name: 'OrderId', type: 'KEYWORD' }, value: body.orderId },
    ],
    staticSummary: `${body.customerId}: return of ${pieces} of ${body.orderId}`,
  };
}
