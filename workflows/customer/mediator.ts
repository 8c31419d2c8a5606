import { ApplicationFailure, CancellationScope, workflowInfo } from '@temporalio/workflow';
import type {
  CustomerEventDone,
  CustomerEvents,
  StartCustomerEvent,
} from '../../contracts/mediators/customer-mediator.ts';
import type { AddressChanged, CustomerRegistered } from '../../contracts/mediators/customers.ts';
import { EventRefused, openCustomerEvent, type CustomerEvent } from './customer-event.ts';
import { eventSummaries, refuseEvent } from '../kit/queued-event.ts';
import { openRecords } from '../kit/records.ts';
import type { EventRecords } from '../../contracts/mediators/event-records.ts';

type Handle<Name extends keyof CustomerEvents> = (flow: CustomerEvent, event: CustomerEvents[Name]) => Promise<void>;

/** What each event has done: one or two commands. A new simple event is an entry here. */
const handlers: { readonly [Name in keyof CustomerEvents]: Handle<Name> } = {
  'customer-registered': register,
  'address-changed': changeAddress,
};

/**
 * The mediator of simple events about a customer. Ends Completed when everything is done and the mediator store has it; ends Failed when the event was refused,
 * so that it may come again, corrected. Faults are retried until they are over. It is over soon, and cannot be cancelled.
 */
export function customerMediator(start: StartCustomerEvent): Promise<CustomerEventDone> {
  return CancellationScope.nonCancellable(() => mediate(start));
}

async function mediate(start: StartCustomerEvent): Promise<CustomerEventDone> {
  const { workflowId } = workflowInfo();
  const records = openRecords<EventRecords>(eventSummaries);
  try {
    await (handlers[start.name] as Handle<typeof start.name>)(openCustomerEvent(start), start.event);
  } catch (error) {
    if (!(error instanceof EventRefused)) throw error;
    await refuseEvent(records, { workflowId, message: error.message });
    throw ApplicationFailure.nonRetryable(error.message, error.type);
  }
  await records.completeEvent({ workflowId, outcome: 'completed' });
  return { outcome: 'completed' };
}

async function register(flow: CustomerEvent, { customerId, name, email }: CustomerRegistered): Promise<void> {
  await flow.ask('register-customer', { customerId, name, email }, customerId);
  await flow.ask('email-customer', { kind: 'welcome', customerId, to: { name, email } }, 'mail: welcome');
}

async function changeAddress(flow: CustomerEvent, { customerId, address }: AddressChanged): Promise<void> {
  await flow.ask('change-address', { customerId, address }, `${customerId}, ${address.country}`);
}
