import type { Client } from '@temporalio/client';
import type { EventFlows } from '../activities/reconciler/carry-on-events.ts';
import { readEvent, type Kinds } from '../broker-bridge/intake/read-event.ts';
import { createStartFlow } from '../broker-bridge/intake/start-flow.ts';
import { orderMediator } from '../contracts/mediators/order-mediator.ts';
import { isRunning, runningIds } from './running-flows.ts';

/** The workflows of queued events as Temporal knows them. Starts one as the intake does, out of the same message. */
export function createEventFlows(client: Client, kinds: Kinds): EventFlows {
  const startFlow = createStartFlow(client, 'ALLOW_DUPLICATE');
  const types = new Set(Object.values(kinds.catalogue).map(({ workflowType }) => workflowType));
  types.delete(orderMediator.workflowType);
  return {
    running: () => runningIds(client, [...types]),
    isRunning: (workflowId) => isRunning(client, workflowId),
    async start(workflowId, { subject, headers, body: data }) {
      const event = readEvent({ subject, headers, data }, kinds);
      if (!event.ok || event.start.workflowId !== workflowId) return false;
      const came = await startFlow(event);
      return came === 'runs' || came === 'has-ended';
    },
  };
}
