import { ScheduleNotFoundError, type ScheduleDescription } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { placeOrder } from '../../../app/place.ts';
import { loadOrderPolicy } from '../../../config/order-policy.ts';
import { channels } from '../../../contracts/channels.ts';
import { pruning, type PruningReport } from '../../../contracts/mediators/pruning.ts';
import { launchWorker, type WorkerProcess } from '../../support/rig/worker.ts';
import { anOrder, openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({}, [['order-mediator', 'processors', 'relay']]);
});
afterAll(() => shop.close());

const schedule = () => shop.client.schedule.getHandle(pruning.scheduleId);

const described = async (): Promise<ScheduleDescription | null> => {
  try {
    return await schedule().describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
};

async function start(at: string): Promise<WorkerProcess> {
  const worker = await launchWorker(['returns-mediator'], { ...shop.rig.env, PRUNE_AT: at }, shop.rig.folder);
  onTestFinished(() => worker.stop());
  return worker;
}

/** Starts the workflow as the Schedule does. */
const prune = () => {
  const { workflowType, workflowId } = pruning;
  return shop.client.workflow.start(workflowType, { workflowId, taskQueue: channels.returnsMediator });
};

/** Everything of an order that carries an instant is as old as that. */
const ageOrder = async (orderId: string, days: number) => {
  await shop.sql(
    `UPDATE mediator_store.flow SET finished_at = finished_at - make_interval(days => $2) WHERE order_id = $1`,
    [orderId, days],
  );
  await shop.sql(`UPDATE order_placement.answer SET at = at - make_interval(days => $2) WHERE order_id = $1`, [
    orderId,
    days,
  ]);
  await shop.sql(`UPDATE outbox.fact SET published_at = published_at - make_interval(days => $2) WHERE key = $1`, [
    orderId,
    days,
  ]);
};

const oldFacts = (rows: number) =>
  shop.sql(
    `INSERT INTO outbox.fact (id, key, area, name, epoch, sequence, body, stream_sequence, published_at)
     SELECT gen_random_uuid(), 'past-' || n || '-' || clock_timestamp(), 'orders', 'email-sent', 1, 1, '{}', 1, now() - interval '46 days'
     FROM generate_series(1, $1::int) AS n`,
    [rows],
  );

const published = (orderId: string) => async () =>
  (await shop.sql('SELECT FROM outbox.fact WHERE key = $1 AND stream_sequence IS NULL', [orderId])).length === 0;

const hours = async () => (await described())?.spec.calendars?.map(({ hour, minute }) => [hour, minute]);

describe('pruning', () => {
  it('is started by its Schedule, and a request of a pruned order that Temporal has forgotten gets its outcome', async () => {
    await start('03:30');
    const event = anOrder();
    const policy = loadOrderPolicy({});
    const place = () => placeOrder({ client: shop.client, event, policy, deadlineMs: 60_000 });
    const placed = await place();
    const outcome = await shop.end(placed);
    await until(published(placed.orderId), { what: 'the facts of the order to be published' });
    await ageOrder(placed.orderId, 200);
    await until(async () => (await described()) !== null, { what: 'the Schedule' });
    await schedule().trigger();
    const reported = await until(async () => {
      const [last] = (await described())?.info.recentActions ?? [];
      if (!last || last.action.type !== 'startWorkflow') return null;
      const { workflowId, firstExecutionRunId } = last.action.workflow;
      return (await shop.client.workflow.getHandle(workflowId, firstExecutionRunId).result()) as PruningReport;
    });
    expect(reported).toEqual({ rows: { facts: 9, seen: 0, answers: 1, cases: 0, histories: 1 }, trouble: null });

    const { workflowId } = placed;
    await shop.client.workflowService.deleteWorkflowExecution({
      namespace: shop.rig.temporal.namespace,
      workflowExecution: { workflowId },
    });
    const isGone = () =>
      shop.client.workflow
        .getHandle(workflowId)
        .describe()
        .then(
          () => false,
          () => true,
        );
    await until(isGone, { within: 60_000, what: 'Temporal to forget the order' });
    expect(await place()).toEqual(placed);
    expect(await shop.end(placed)).toMatchObject({ orderId: placed.orderId, outcome: outcome.outcome });
    await expect(
      placeOrder({ client: shop.client, event: { ...event, card: 'card_flaky' }, policy, deadlineMs: 60_000 }),
    ).rejects.toThrow(/request id .* is already used/i);
    expect(shop.rig.cardGateway.charges(placed.orderId)).toHaveLength(1);
    expect(await shop.factsOf(placed.orderId)).toEqual([]);
  });

  it('takes the time of the worker that started last, and is off when that says so', async () => {
    await (await start('04:05')).stop();
    expect(JSON.stringify(await hours())).toContain('"start":4');
    await start('off');
    await until(async () => (await described()) === null, { what: 'the Schedule to be removed' });
  });

  it('that is killed in the middle goes on with another worker, and prunes nothing the next time', async () => {
    await oldFacts(30_000);
    const worker = await start('off');
    const letGo = await shop.holdTables('order_placement.answer');
    const handle = await prune();
    const facts = async () => (await shop.sql(`SELECT FROM outbox.fact WHERE key LIKE 'past-%'`)).length;
    await until(async () => (await facts()) < 30_000, { what: 'some facts to be pruned' });
    await worker.kill();
    await letGo();
    await start('off');
    const report = (await handle.result()) as PruningReport;
    expect(report.trouble).toBeNull();
    expect(await facts()).toBe(0);
    expect((await (await prune()).result()) as PruningReport).toEqual({
      rows: { facts: 0, seen: 0, answers: 0, cases: 0, histories: 0 },
      trouble: null,
    });
  });
});
