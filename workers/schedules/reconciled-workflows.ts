import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { OrderFlows, ReplenishmentFlows } from '../../activities/reconciler/processor.ts';
import type { EventFlows } from '../../activities/reconciler/recover-events.ts';
import { readEvent, type EventRegistry } from '../../broker-bridge/intake/read-event.ts';
import { createStartWorkflow } from '../../broker-bridge/intake/start-workflow.ts';
import { channels } from '../../contracts/channels.ts';
import { classify } from '../../contracts/initiating-events.ts';
import { orderMediator } from '../../contracts/mediators/order-mediator.ts';
import { orderStart } from '../../contracts/mediators/order-start.ts';
import { replenishment, replenishmentStart } from '../../contracts/mediators/replenishment.ts';

/**
 * The order workflows in Temporal. A workflow is started in the way the client starts it, also when one has completed:
 * the mediator store, which did not know that, was put back to an older copy.
 */
export const createOrderFlows = (client: Client): OrderFlows => ({
  running: () => runningIds(client, [orderMediator.workflowType]),
  isRunning: (workflowId) => isRunning(client, workflowId),
  async start({ start }) {
    const { workflowType, channel } = classify('place-order');
    try {
      await client.workflow.start(workflowType, {
        // An order that is carried on goes over the channels.
        ...orderStart({ ...start, policy: { ...start.policy, lane: 'channels' } }),
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        taskQueue: channel,
      });
      return true;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
      throw error;
    }
  },
});

/**
 * The workflows of delegated events in Temporal. A workflow is started in the way the customer mediator starts it, from
 * the same message.
 */
export function createEventFlows(client: Client, kinds: EventRegistry): EventFlows {
  const startFlow = createStartWorkflow(client, 'ALLOW_DUPLICATE');
  const delegated = Object.values(kinds.catalogue).filter(({ start }) => start);
  const types = new Set(delegated.map(({ workflowType }) => workflowType));
  types.delete(orderMediator.workflowType);
  return {
    running: () => runningIds(client, [...types]),
    isRunning: (workflowId) => isRunning(client, workflowId),
    async start(workflowId, { subject, headers, body: data }) {
      const event = readEvent({ subject, headers, data }, kinds);
      if (!event.ok || !event.start || event.workflowId !== workflowId) return false;
      const came = await startFlow({ ...event, start: event.start });
      return came === 'runs' || came === 'has-ended';
    },
  };
}

/** The workflows of purchase orders in Temporal. Deliveries that were booked before are not booked again. */
export const createReplenishmentFlows = (client: Client): ReplenishmentFlows => ({
  running: () => runningIds(client, [replenishment.workflowType]),
  async start(purchaseOrder) {
    const start = { ...replenishmentStart(purchaseOrder), workflowIdReusePolicy: 'ALLOW_DUPLICATE' } as const;
    try {
      await client.workflow.start(replenishment.workflowType, { ...start, taskQueue: channels.orderMediator });
      return true;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
      throw error;
    }
  },
});

/** The ids of all running workflows of these types, from visibility, which lags. */
export async function runningIds(client: Client, workflowTypes: readonly string[]): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const types = workflowTypes.map((type) => `'${type}'`).join(', ');
  const query = `WorkflowType IN (${types}) AND ExecutionStatus = 'Running'`;
  for await (const { workflowId } of client.workflow.list({ query, pageSize: 1000 })) ids.add(workflowId);
  return ids;
}

/** Asks for the workflow by its id, so that the answer is certain. */
async function isRunning(client: Client, workflowId: string): Promise<boolean> {
  try {
    return (await client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
