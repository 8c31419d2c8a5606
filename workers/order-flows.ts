import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { OrderFlows } from '../activities/reconciler.ts';
import { classify } from '../contracts/initiating-events.ts';
import { orderMediator, orderStart } from '../contracts/order-mediator.ts';

/** The order workflows as Temporal knows them. Starts one as the client does; one that has completed is never started again. */
export const createOrderFlows = (client: Client): OrderFlows => ({
  async running() {
    const ids = new Set<string>();
    const query = `WorkflowType = '${orderMediator.workflowType}' AND ExecutionStatus = 'Running'`;
    for await (const { workflowId } of client.workflow.list({ query, pageSize: 1000 })) ids.add(workflowId);
    return ids;
  },
  async isRunning(workflowId) {
    try {
      return (await client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  },
  async start({ start }) {
    const { workflowType, channel } = classify('place-order');
    try {
      await client.workflow.start(workflowType, {
        ...orderStart(start),
        workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
        taskQueue: channel,
      });
      return true;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
      throw error;
    }
  },
});
