import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import type {
  CustomerEventDone,
  CustomerEvents,
  StartCustomerEvent,
} from '../../contracts/mediators/customer-mediator.ts';
import type { EventRecords } from '../../contracts/mediators/event-records.ts';
import { eventSummaries, refuseEvent } from '../kit/queued-event.ts';
import { openRecords } from '../kit/records.ts';
import { toTheEnd } from '../kit/to-the-end.ts';
import { CustomerEvent, EventRefused } from './customer-event.ts';

type Handle<Name extends keyof CustomerEvents> = (
  flow: CustomerEvent,
  event: CustomerEvents[Name],
  start: Pick<StartCustomerEvent, 'happenedAt'>,
) => Promise<void>;

/** The commands of each event: one or two. A new simple event is an entry here. */
const handlers: { readonly [Name in keyof CustomerEvents]: Handle<Name> } = {
  async 'customer-registered'(flow, { customerId, name, email }) {
    const register = { requestId: flow.requestId('register-customer'), customerId, name, email };
    const { isNew } = await flow.call({ name: 'register-customer', command: register, summary: customerId });
    if (!isNew) return; // another event told of the same customer: one welcome is enough
    const welcome = {
      requestId: flow.requestId('email-customer'),
      kind: 'welcome',
      customerId,
      to: { name, email },
    } as const;
    await flow.call({ name: 'email-customer', command: welcome, summary: 'mail: welcome' });
  },
  async 'address-changed'(flow, { customerId, address }, { happenedAt }) {
    const command = { requestId: flow.requestId('change-address'), customerId, address, happenedAt };
    await flow.call({ name: 'change-address', command, summary: `${customerId}, ${address.country}` });
  },
};

/**
 * The mediator of simple events about a customer. The workflow ends Completed when every command is acknowledged and
 * the mediator store has recorded it. It ends Failed when the event was refused, so that the event may come again,
 * corrected. Faults are retried until they are over. The workflow is short, and cannot be cancelled.
 */
export const customerMediator = (start: StartCustomerEvent): Promise<CustomerEventDone> =>
  toTheEnd(async () => {
    const { workflowId } = workflowInfo();
    const records = openRecords<EventRecords>(eventSummaries, { alone: ['completeEvent', 'refuseEvent'] });
    try {
      await (handlers[start.name] as Handle<typeof start.name>)(new CustomerEvent(start), start.event, start);
    } catch (error) {
      if (!(error instanceof EventRefused)) throw error;
      await refuseEvent(records, { workflowId, message: error.message });
      return ApplicationFailure.nonRetryable(error.message, error.type);
    }
    await records.completeEvent({ workflowId, outcome: 'completed' });
    return { outcome: 'completed' };
  });
