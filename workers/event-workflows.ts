import type { Client } from '@temporalio/client';
import type { EventFlows } from '../activities/reconciler/recover-events.ts';
import { readEvent, type EventRegistry } from '../broker-bridge/intake/read-event.ts';
import { createStartWorkflow } from '../broker-bridge/intake/start-workflow.ts';
import { orderMediator } from '../contracts/mediators/order-mediator.ts';
import { isRunning, runningIds } from './running-flows.ts';

/** The workflows of queued events as Temporal knows them. Starts one as the intake does, out of the same message. */
export function createEventFlows(client: Client, kinds: EventRegistry): EventFlows {
  const startFlow = createStartWorkflow(client, 'ALLOW_DUPLICATE');
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
