import { proxyActivities } from '@temporalio/workflow';

/** A process of the bare workflow's workers. */
export type BareRole = 'mediator' | 'processors';

/** The task queues of the bare workflow and its activities. */
export const bareQueues = {
  mediator: 'bare-mediator',
  processor: (name: string): string => `bare-${name}`,
} as const;

/**
 * The same nine commands in the same five steps over seven queues with empty activities: the cost of Temporal itself.
 */
export async function bareFiveSteps(): Promise<void> {
  await on('order-placement');
  await Promise.all([on('notification'), on('payment'), on('inventory')]);
  await Promise.all([on('order-fulfillment'), on('warehouse')]);
  await Promise.all([on('shipping'), on('notification')]);
  await on('notification');
}

const on = (processor: string): Promise<void> =>
  proxyActivities<{ nothing(): Promise<void> }>({
    taskQueue: bareQueues.processor(processor),
    startToCloseTimeout: '10 seconds',
  }).nothing();
