import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { launchWorker, type WorkerProcess } from '../../support/rig/worker.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { longestTaskWait } from '../../support/task-waits.ts';
import { until } from '../../support/until.ts';

const others = ['order-placement', 'notification', 'inventory', 'order-fulfillment', 'warehouse', 'shipping'];

/** What a worker has by default, and the last words after it. */
const graceMs = 12_000;

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ cardGateway: { slowMs: 1500 } }, [others]);
});
afterAll(() => shop.close());

/** A worker that ends with its test, also with one that fails: the next test's commands must not come to it. */
async function start(name: string, env: NodeJS.ProcessEnv = {}): Promise<WorkerProcess> {
  const worker = await launchWorker([name], { ...shop.rig.env, ...env }, shop.rig.folder);
  onTestFinished(() => worker.stop());
  return worker;
}

/** SIGTERM, until the process has ended. */
async function end(worker: WorkerProcess) {
  const began = Date.now();
  await worker.stop();
  return { code: await worker.exited, ms: Date.now() - began };
}

/** Commands that had to be asked more than once, and workflow tasks that did not come to their end. */
async function redelivered(workflowId: string): Promise<string[]> {
  const { events = [] } = await shop.client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).flatMap((event) => {
    const attempt = event.activityTaskStartedEventAttributes?.attempt ?? 1;
    if (attempt > 1) return [`an activity at attempt ${attempt}`];
    if (event.workflowTaskFailedEventAttributes) return ['a workflow task failed'];
    const timedOut = event.workflowTaskTimedOutEventAttributes;
    return timedOut ? ['a workflow task timed out'] : [];
  });
}

it('a processor that is told to stop acknowledges the command under way, at its first attempt, and ends in time', async () => {
  const [payment] = await Promise.all([start('payment'), start('order-mediator')]);
  const placed = await shop.place({ card: 'card_slow' });
  const intended = () => shop.sql('SELECT 1 FROM payment.charge WHERE order_id = $1', [placed.orderId]);
  await until(async () => (await intended()).length === 1, { what: 'the charge to be under way' });
  const { code, ms } = await end(payment);
  expect(code).toBe(0);
  expect(ms).toBeLessThan(graceMs);
  expect((await shop.end(placed)).outcome).toBe('completed');
  expect(await redelivered(placed.workflowId)).toEqual([]);
  expect(shop.rig.cardGateway.charges(placed.orderId)).toHaveLength(1);
});

it('a mediator that is told to stop with orders in flight delays none of them by more than 3 seconds, and nothing is asked again', async () => {
  const [leaving] = await Promise.all([start('order-mediator'), start('payment')]);
  const early = await Promise.all(Array.from({ length: 8 }, () => shop.place({ card: 'card_slow' })));
  await start('order-mediator');
  const placing = Promise.all(Array.from({ length: 8 }, () => shop.place()));
  const { code, ms } = await end(leaving);
  expect(code).toBe(0);
  expect(ms).toBeLessThan(graceMs);
  const placed = [...early, ...(await placing)];
  for (const order of placed) expect((await shop.end(order)).outcome).toBe('completed');
  for (const { workflowId } of placed) {
    expect((await longestTaskWait(shop.client, workflowId)).ms).toBeLessThan(3_000);
    expect(await redelivered(workflowId)).toEqual([]);
  }
});

it('work that outlasts the grace does not keep the process', async () => {
  const [impatient] = await Promise.all([start('payment', { WORKER_SHUTDOWN_GRACE: '0 s' }), start('order-mediator')]);
  const release = await shop.holdTables('payment.charge');
  const placed = await shop.place();
  await shop.allWaitFor('payment.charge');
  const { code, ms } = await end(impatient);
  expect(code).not.toBe(0);
  expect(ms).toBeLessThan(6_000);
  await release();
  await start('payment');
  expect((await shop.end(placed)).outcome).toBe('completed');
  expect(shop.rig.cardGateway.charges(placed.orderId)).toHaveLength(1);
});
