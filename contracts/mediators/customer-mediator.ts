import type { Address } from '../address.ts';
import { channels } from '../channels.ts';
import type { RefusalType } from '../failures.ts';
import { customerWorkflowId } from '../ids.ts';
import type { CheckedEvent } from '../initiating-event.ts';
import { mediatorAttributes } from '../search-attributes.ts';

/**
 * The customer mediator: the book's simple event mediator. One workflow per customer takes the customer's recorded
 * events in their order. `bell`: the signal, without content, that rows of this customer have changed.
 */
export const customerMediator = { workflowType: 'customerMediator', bell: 'ring' } as const;

/** The argument that the customer mediator is started with. */
export interface StartCustomer {
  readonly customerId: string;
}

/** The simple events the customer mediator handles itself. */
export interface CustomerEvents {
  'customer-registered': CustomerRegistered;
  'address-changed': AddressChanged;
  'email-changed': EmailChanged;
  'mail-bounced': MailBounced;
  'customer-unreachable': CustomerUnreachable;
}

/** A simple event whose turn it is. */
export type SimpleEvent = {
  [Name in keyof CustomerEvents]: Pick<CheckedEvent<CustomerEvents[Name]>, 'origin' | 'happenedAt'> & {
    readonly name: Name;
    readonly body: CustomerEvents[Name];
  };
}[keyof CustomerEvents];

/** A simple event that the mediator is done with. */
export interface EndedEvent extends Pick<SimpleEvent, 'origin'> {
  /** Null when every command was acknowledged. */
  readonly refused: EventRefusal | null;
}

/** Why a processor refused an event. */
export interface EventRefusal {
  readonly type: RefusalType;
  /** One sentence for people. */
  readonly message: string;
}

/**
 * The next thing to do for a customer. `simple`: this event is to be handled. `waits`: the next event waits for an
 * earlier one, and a bell will ring. `more`: ask at once. `nothing`: no event is left whose turn it is.
 */
export type NextEvent = (
  | { readonly next: 'simple'; readonly event: SimpleEvent }
  | { readonly next: 'waits'; readonly waiting: readonly string[]; readonly waitsFor: string }
  | { readonly next: 'more' | 'nothing' }
) & {
  /** The events that were delegated on the way: one line each, for people. */
  readonly delegated: readonly string[];
};

/** The customer mediator's records, an activity of its own worker. */
export interface CustomerRecords {
  /**
   * Completes the event that has ended, or hands the refused one over as a dead letter. Then takes the customer's open
   * events in order: starts the mediators of hard and complex ones, up to the first that is simple or has to wait.
   * Safe to repeat.
   */
  takeNext(entry: StartCustomer & { readonly ended: EndedEvent | null }): Promise<NextEvent>;
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

/** The initiating event `email-changed`: the customer's new mail address. Simple: the address is stored. */
export interface EmailChanged extends Pick<CustomerRegistered, 'customerId' | 'email'> {}

/**
 * The initiating event `mail-bounced`, of a mail server: it took a mail of ours, and could not deliver it. Simple:
 * notification records it, once for each mail.
 */
export interface MailBounced {
  /** As the mail itself says in its header `X-Customer-ID`. */
  readonly customerId: string;
  /** The mail's Message-ID, in its angle brackets. */
  readonly messageId: string;
  /** Why, as RFC 3463 has it: `5.1.1`. It begins with 5 when the address will never do, with 4 when it may later. */
  readonly status: string;
}

/** The initiating event `customer-unreachable`: mails do not reach the customer. Simple: the customer is marked. */
export interface CustomerUnreachable {
  readonly customerId: string;
  /** When the mail that came back was sent, ISO 8601. */
  readonly since: string;
  /** The order that the mail was about: it went to the address that the customer had when it was placed. */
  readonly orderId?: string;
}

/** Rings the bell of a customer: the options of `signalWithStart`. Ringing twice is harmless. */
export const customerBell = (customerId: string) =>
  ({
    workflowId: customerWorkflowId(customerId),
    taskQueue: channels.customerMediator,
    args: [{ customerId }] as [StartCustomer],
    signal: customerMediator.bell,
    signalArgs: [] as [],
    typedSearchAttributes: mediatorAttributes(customerId, 'simple'),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: customerId,
  }) as const;
