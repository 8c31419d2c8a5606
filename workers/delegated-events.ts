import type { Client } from '@temporalio/client';
import type { ReadEvent, StartResult } from '../activities/mediator-store/customer-records.ts';
import { idUsedTwice, notTaken } from '../broker-bridge/intake/envelope.ts';
import { readEvent, type EventRegistry } from '../broker-bridge/intake/read-event.ts';
import { createStartWorkflow, type Delegated } from '../broker-bridge/intake/start-workflow.ts';
import type { SimpleEvent } from '../contracts/mediators/customer-mediator.ts';
import type { EventFault } from '../contracts/mediators/repair.ts';
import type { StoredMessage } from '../contracts/mediators/event-records.ts';

/** Reads recorded events as the intake does, and starts the mediators that they are delegated to. */
export function createEventReader(client: Client, registry: EventRegistry): (message: StoredMessage) => ReadEvent {
  const startFlow = createStartWorkflow(client);
  const begin = async (event: Delegated): Promise<StartResult> => {
    const result = await startFlow(event);
    if (result === 'other-body') return never(idUsedTwice, false);
    return result === 'not-taken' ? never(notTaken, true) : result;
  };
  return ({ subject, headers, body: data }) => {
    const event = readEvent({ subject, headers, data }, registry);
    if (!event.ok) return { as: 'bad', reason: event.reason, message: event.message, problems: event.problems };
    const { start, checked, workflowId } = event;
    if (start) return { as: 'delegated', workflowId, start: () => begin({ ...event, start }) };
    const { name, body, origin, happenedAt } = checked;
    return { as: 'simple', event: { name, body, origin, happenedAt } as SimpleEvent };
  };
}

const never = (fault: EventFault, maybe: boolean): StartResult => ({ never: fault, maybe });
