import type { EventOrigin, MediatorClass, CheckedEvent, WorkflowStart } from '../initiating-event.ts';
import type { Address } from '../address.ts';
import { customerWorkflowId } from '../ids.ts';
import { mediatorAttributes } from '../search-attributes.ts';

/** The workflow type of the simple class. */
export const customerMediator = { workflowType: 'customerMediator' } as const;

/** The simple events the customer mediator handles itself. */
export interface CustomerEvents {
  'customer-registered': CustomerRegistered;
  'address-changed': AddressChanged;
}

/** The argument that the customer mediator is started with. */
export type StartCustomerEvent = {
  [Name in keyof CustomerEvents]: {
    readonly name: Name;
    readonly event: CustomerEvents[Name];
    readonly origin: EventOrigin;
    /** When it happened, by its producer. RFC 3339. */
    readonly happenedAt?: string | undefined;
    readonly mediatorClass: MediatorClass;
  };
}[keyof CustomerEvents];

/** The result of the customer mediator, unless the event was refused. */
export interface CustomerEventDone {
  readonly outcome: 'completed';
}

/** The initiating event `customer-registered`: a new customer. Simple: the customer is created and welcomed. */
export interface CustomerRegistered {
  /** `[A-Za-z0-9._-]{1,64}` */
  readonly customerId: string;
  readonly name: string;
  /** Lower case, as the mail server takes it. */
  readonly email: string;
}

/** The initiating event `address-changed`: the customer's new address. Simple: the address is stored. */
export interface AddressChanged {
  readonly customerId: string;
  readonly address: Address;
}

/** The start of the customer mediator: one workflow per event, for ever. */
export function customerEventStart<Name extends keyof CustomerEvents>(
  name: Name,
  { body, bodyHash, origin, happenedAt }: CheckedEvent<CustomerEvents[Name]>,
  mediatorClass: MediatorClass,
): WorkflowStart {
  const start = { name, event: body, origin, happenedAt, mediatorClass } as StartCustomerEvent;
  return {
    workflowId: customerWorkflowId(origin),
    args: [start],
    memo: { bodyHash },
    typedSearchAttributes: mediatorAttributes(body.customerId, mediatorClass),
    staticSummary: `${body.customerId}: ${name}`,
  };
}
