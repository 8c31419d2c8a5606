import { channels, type Channel } from './channels.ts';
import { customerEventStart } from './mediators/customer-event-start.ts';
import { customerMediator } from './mediators/customer-mediator.ts';
import type { AddressChanged, CustomerRegistered } from './mediators/customers.ts';
import { orderMediator } from './mediators/order-mediator.ts';
import type { PlaceOrder } from './place-order.ts';
import { returnStart } from './mediators/return-start.ts';
import { returnsMediator } from './mediators/returns-mediator.ts';
import type { ReturnRequested } from './mediators/return-requested.ts';
import { type MediatorClass, type CheckedEvent, type WorkflowStart } from './initiating-event.ts';
import { orderStart } from './mediators/order-start.ts';

/** Every initiating event there is, and its body. The schemas, which everything from outside passes first, are in `schemas/initiating-events.ts`. */
export interface EventBodies {
  'customer-registered': CustomerRegistered;
  'address-changed': AddressChanged;
  'place-order': PlaceOrder;
  'return-requested': ReturnRequested;
}

export type InitiatingEventName = keyof EventBodies;

/** One kind of initiating event: which mediator, of which class, on which channel, and how it is started. */
export interface InitiatingEvent<Body = unknown> {
  readonly mediatorClass: MediatorClass;
  readonly workflowType: string;
  readonly channel: Channel;
  /** How far later events of the same customer wait for this one: until its flow is started, or until it is complete. */
  readonly waitsUntil: 'started' | 'complete';
  /** Whose events keep their order. */
  customerOf(body: Body): string;
  start(event: CheckedEvent<Body>, mediatorClass: MediatorClass): WorkflowStart;
}

/** The kinds of events that somebody classifies by. */
export type Catalogue = Readonly<Record<string, InitiatingEvent<never>>>;

/**
 * The catalogue of initiating events. A new event is an entry here, a schema in `schemas/initiating-events.ts` and its mediator, nothing else:
 * CONTRIBUTING shows it.
 */
export const initiatingEvents = {
  'customer-registered': {
    mediatorClass: 'simple',
    workflowType: customerMediator.workflowType,
    channel: channels.customerMediator,
    waitsUntil: 'complete',
    customerOf: ({ customerId }) => customerId,
    start: (event, mediatorClass) => customerEventStart('customer-registered', event, mediatorClass),
  },
  'address-changed': {
    mediatorClass: 'simple',
    workflowType: customerMediator.workflowType,
    channel: channels.customerMediator,
    waitsUntil: 'complete',
    customerOf: ({ customerId }) => customerId,
    start: (event, mediatorClass) => customerEventStart('address-changed', event, mediatorClass),
  },
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
 * The simple event mediator's decision, for requests of the client and queued events alike: which mediator, of which class, on which channel.
 * Undefined for an event nobody knows.
 */
export function classify<Name extends InitiatingEventName>(name: Name): InitiatingEvent<EventBodies[Name]>;
export function classify(name: string, catalogue?: Catalogue): InitiatingEvent<never> | undefined;
export function classify(name: string, catalogue: Catalogue = initiatingEvents): InitiatingEvent<never> | undefined {
  return Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
}
