import { proxyActivities } from '@temporalio/workflow';

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

const on = (queue: string): Promise<void> =>
  proxyActivities<{ nothing(): Promise<void> }>({
    taskQueue: `bare-${queue}`,
    startToCloseTimeout: '10 seconds',
  }).nothing();
