import { channels, type Channel } from './channels.ts';
import { customerMediator, type CustomerEvents } from './mediators/customer-mediator.ts';
import { orderMediator } from './mediators/order-mediator.ts';
import type { PlaceOrder } from './place-order.ts';
import { returnsMediator, returnStart } from './mediators/returns-mediator.ts';
import type { ReturnRequested } from './mediators/returns.ts';
import { type MediatorClass, type CheckedEvent, type WorkflowStart } from './initiating-event.ts';
import { orderStart } from './mediators/order-start.ts';

/** The body of every initiating event. Everything from outside passes `schemas/initiating-events.ts` first. */
export interface EventBodies extends CustomerEvents {
  'place-order': PlaceOrder;
  'return-requested': ReturnRequested;
}

/** The name of an initiating event. */
export type InitiatingEventName = keyof EventBodies;

/** One kind of initiating event: its mediator with class, channel and start. */
export interface InitiatingEvent<Body = unknown> {
  readonly mediatorClass: MediatorClass;
  readonly workflowType: string;
  readonly channel: Channel;
  /** Later events of the same customer wait until this one's workflow is started, or until it is complete. */
  readonly waitsUntil: 'started' | 'complete';
  /** The customer of the event: events of one customer keep their order. */
  customerOf(body: Body): string;
  /** The start of the workflow that the event is delegated to; absent when the customer mediator handles it itself. */
  start?(event: CheckedEvent<Body>, mediatorClass: MediatorClass): WorkflowStart;
}

/** A catalogue of initiating events by name. */
export type Catalogue = Readonly<Record<string, InitiatingEvent<never>>>;

/** An event that the customer mediator handles itself. */
const simple = (): InitiatingEvent<CustomerEvents[keyof CustomerEvents]> => ({
  mediatorClass: 'simple',
  workflowType: customerMediator.workflowType,
  channel: channels.customerMediator,
  waitsUntil: 'complete',
  customerOf: ({ customerId }) => customerId,
});

/**
 * The catalogue of initiating events. A new event is an entry here, a schema in `schemas/initiating-events.ts` and its
 * mediator, nothing else: CONTRIBUTING shows it.
 */
export const initiatingEvents = {
  'customer-registered': simple(),
  'address-changed': simple(),
  'email-changed': simple(),
  'mail-bounced': simple(),
  'customer-unreachable': simple(),
  'place-order': {
    mediatorClass: 'hard',
    workflowType: orderMediator.workflowType,
    channel: channels.orderMediator,
    waitsUntil: 'started',
    customerOf: ({ customerId }) => customerId,
    start: ({ body, bodyHash, origin, policies }, mediatorClass) =>
      orderStart({ event: body, bodyHash, mediatorClass, policy: policies.order, origin }),
  },
  'return-requested': {
    mediatorClass: 'complex',
    workflowType: returnsMediator.workflowType,
    channel: channels.returnsMediator,
    waitsUntil: 'started',
    customerOf: ({ customerId }) => customerId,
    start: returnStart,
  },
} as const satisfies { readonly [Name in InitiatingEventName]: InitiatingEvent<EventBodies[Name]> };

/**
 * The catalogue's entry for an event, for requests of the client and queued events alike. Undefined when the catalogue
 * does not have the name.
 */
export function classify<Name extends InitiatingEventName>(name: Name): (typeof initiatingEvents)[Name];
export function classify(name: string, catalogue?: Catalogue): InitiatingEvent<never> | undefined;
export function classify(name: string, catalogue: Catalogue = initiatingEvents): InitiatingEvent<never> | undefined {
  return Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
}
