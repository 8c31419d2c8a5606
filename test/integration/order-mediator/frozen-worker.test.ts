import { WorkflowNotFoundError } from '@temporalio/common';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { channels } from '../../../contracts/channels.ts';
import { orderWorkflowId } from '../../../contracts/ids.ts';
import { anOrder, openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({}, [['processors']]);
});
afterAll(() => shop.close());

/** True when a poll of this process was seen on the mediator's queue: without one it is given no task. */
async function polls(pid: number): Promise<boolean> {
  const { namespace } = shop.rig.temporal;
  const taskQueue = { name: channels.orderMediator };
  const { pollers } = await shop.client.workflowService.describeTaskQueue({ namespace, taskQueue, taskQueueType: 1 });
  return (pollers ?? []).some(({ identity }) => identity?.endsWith(`@${pid}`));
}

async function tasksTakenBy(pid: number, workflowId: string) {
  const history = await shop.client.workflow.getHandle(workflowId).fetchHistory().catch(unlessNotFound);
  const events = history?.events ?? [];
  const started = events.filter(({ workflowTaskStartedEventAttributes: task }) => task?.identity?.endsWith(`@${pid}`));
  return { events, started };
}

/** An order that is only just being placed has no workflow yet. */
function unlessNotFound(error: unknown): undefined {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}

/** True when the worker of this process took a task of the workflow and let it time out. */
async function wasTakenBy(pid: number, workflowId: string): Promise<boolean> {
  const { events, started } = await tasksTakenBy(pid, workflowId);
  const timedOut = events.map(({ workflowTaskTimedOutEventAttributes: task }) => String(task?.startedEventId));
  return started.some(({ eventId }) => timedOut.includes(String(eventId)));
}

it('requests in the hands of a mediator worker that freezes are not lost: another takes them over, and their clients hear of it', async () => {
  const frozen = await shop.rig.launchWorker('order-mediator');
  await until(() => polls(frozen.pid), { within: 30_000, what: 'a poll of the worker that will freeze' });
  process.kill(frozen.pid, 'SIGSTOP');
  const orders = Array.from({ length: 12 }, () => anOrder());
  const placing = Promise.allSettled(orders.map((order) => shop.place(order)));
  const hasOne = async () => {
    const taken = orders.map(({ requestId }) => tasksTakenBy(frozen.pid, orderWorkflowId(requestId)));
    return (await Promise.all(taken)).some(({ started }) => started.length > 0);
  };
  await until(hasOne, { within: 15_000, what: 'a task in the hands of the frozen worker' });
  await shop.rig.launchWorker('order-mediator');
  const placed = (await placing).map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
  process.kill(frozen.pid, 'SIGCONT');
  const held = await Promise.all(placed.map(({ workflowId }) => wasTakenBy(frozen.pid, workflowId)));
  expect(held).toContain(true);
  const outcomes = await Promise.all(placed.map(shop.end));
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(placed.map(() => 'completed'));
  for (const { orderId } of placed) expect(shop.rig.cardGateway.charges(orderId)).toHaveLength(1);
});
