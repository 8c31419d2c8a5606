import type { AddressChanged, CustomerRegistered } from './customers.ts';
import type { EventOrigin, MediatorClass } from '../initiating-event.ts';

/** The workflow type of the simple class. */
export const customerMediator = { workflowType: 'customerMediator' } as const;

/** The simple events the customer mediator handles itself. */
export interface CustomerEvents {
  'customer-registered': CustomerRegistered;
  'address-changed': AddressChanged;
}

/** What the customer mediator is started with. */
export type StartCustomerEvent = {
  [Name in keyof CustomerEvents]: {
    readonly name: Name;
    readonly event: CustomerEvents[Name];
    readonly origin: EventOrigin;
    readonly mediatorClass: MediatorClass;
  };
}[keyof CustomerEvents];

/** How its workflow ends when it was not refused. */
export interface CustomerEventDone {
  readonly outcome: 'completed';
}
