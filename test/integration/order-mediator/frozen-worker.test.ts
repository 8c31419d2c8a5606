import { afterAll, beforeAll, expect, it } from 'vitest';
import { openShop, type Shop } from '../../support/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({}, [['processors']]);
});
afterAll(() => shop.close());

/** True when the worker of this process took a task of the workflow and let it time out. */
async function wasTakenBy(pid: number, workflowId: string): Promise<boolean> {
  const { events } = await shop.client.workflow.getHandle(workflowId).fetchHistory();
  const started = (events ?? []).filter(({ workflowTaskStartedEventAttributes: task }) =>
    task?.identity?.endsWith(`@${pid}`),
  );
  const timedOut = (events ?? []).map(({ workflowTaskTimedOutEventAttributes: task }) => String(task?.startedEventId));
  return started.some(({ eventId }) => timedOut.includes(String(eventId)));
}

it('requests in the hands of a mediator worker that freezes are not lost: another takes them over, and their clients hear of it', async () => {
  const frozen = await shop.rig.launchWorker('order-mediator');
  process.kill(frozen.pid, 'SIGSTOP');
  const placing = Promise.allSettled(Array.from({ length: 12 }, () => shop.place()));
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
