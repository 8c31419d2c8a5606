import type { StartCustomerEvent, CustomerEvents } from './customer-mediator.ts';
import { flowAttributes } from '../flow-attributes.ts';
import type { CheckedEvent, FlowStart, MediatorClass } from '../initiating-events.ts';
import { customerWorkflowId } from '../ids.ts';

/** How the customer mediator is started: one workflow per event, for ever. */
export function customerEventStart<Name extends keyof CustomerEvents>(
  name: Name,
  { body, bodyHash, origin }: CheckedEvent<CustomerEvents[Name]>,
  mediatorClass: MediatorClass,
): FlowStart {
  const start = { name, event: body, origin, mediatorClass } as StartCustomerEvent;
  return {
    workflowId: customerWorkflowId(origin),
    args: [start],
    memo: { bodyHash },
    typedSearchAttributes: flowAttributes(body.customerId, mediatorClass),
    staticSummary: `${body.customerId}: ${name}`,
  };
}
