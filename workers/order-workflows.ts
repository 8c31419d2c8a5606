import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { OrderFlows } from '../activities/reconciler/processor.ts';
import { classify } from '../contracts/initiating-events.ts';
import { orderMediator } from '../contracts/mediators/order-mediator.ts';
import { isRunning, runningIds } from './running-flows.ts';
import { orderStart } from '../contracts/mediators/order-start.ts';

/** The order workflows as Temporal knows them. Starts one as the client does; one that has completed is never started again. */
export const createOrderFlows = (client: Client): OrderFlows => ({
  running: () => runningIds(client, [orderMediator.workflowType]),
  isRunning: (workflowId) => isRunning(client, workflowId),
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
