import type { StartCustomerEvent, CustomerEvents } from './customer-mediator.ts';
import { customerWorkflowId } from '../ids.ts';
import type { MediatorClass, CheckedEvent, WorkflowStart } from '../initiating-event.ts';
import { mediatorAttributes } from '../search-attributes.ts';

/** How the customer mediator is started: one workflow per event, for ever. */
export function customerEventStart<Name extends keyof CustomerEvents>(
  name: Name,
  { body, bodyHash, origin }: CheckedEvent<CustomerEvents[Name]>,
  mediatorClass: MediatorClass,
): WorkflowStart {
  const start = { name, event: body, origin, mediatorClass } as StartCustomerEvent;
  return {
    workflowId: customerWorkflowId(origin),
    args: [start],
    memo: { bodyHash },
    typedSearchAttributes: mediatorAttributes(body.customerId, mediatorClass),
    staticSummary: `${body.customerId}: ${name}`,
  };
}
