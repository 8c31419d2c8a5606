import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actOnOrder } from '../../../app/act-on-order.ts';
import { brakeChannel, releaseChannel } from '../../../app/channels.ts';
import { placeOrder, type PlacedOrder } from '../../../app/place.ts';
import { loadOrderPolicy } from '../../../config/order-policy.ts';
import { channels } from '../../../contracts/channels.ts';
import { orderWorkflowId } from '../../../contracts/ids.ts';
import { orderMediator } from '../../../contracts/mediators/order-mediator.ts';
import { orderStart } from '../../../contracts/mediators/order-start.ts';
import type { PlaceOrder } from '../../../contracts/place-order.ts';
import { bodyHash } from '../../../contracts/schemas/initiating-events.ts';
import { openDatabase, type Database } from '../../../prisma/database.ts';
import { queuedActivities } from '../../support/acting.ts';
import { replayWorkflows } from '../../support/replay-everything.ts';
import { anOrder, openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

let shop: Shop;
let database: Database;
beforeAll(async () => {
  shop = await openShop({}, [
    ['compact', 'relay'],
    ['order-mediator', 'processors'],
  ]);
  database = openDatabase(shop.rig.databaseUrl, { poolSize: 2 });
  shop.rig.onClose(() => database.close());
});
afterAll(() => shop.close());

const policy = { ...loadOrderPolicy({}), lane: 'compact' } as const;

const place = (changes: Partial<PlaceOrder> = {}): Promise<PlacedOrder> =>
  placeOrder({ client: shop.client, database, event: anOrder(changes), policy, deadlineMs: 60_000 });

const handleOf = ({ workflowId }: Pick<PlacedOrder, 'workflowId'>) => shop.client.workflow.getHandle(workflowId);

const eventsOf = async (placed: PlacedOrder) => (await handleOf(placed).fetchHistory()).events ?? [];

/** The commands that went over a channel, or came back from it. */
const overChannels = (placed: PlacedOrder) => queuedActivities(shop, placed);

const replays = ({ workflowId }: Pick<PlacedOrder, 'workflowId'>) => replayWorkflows(shop.client, [workflowId]);

describe('an order in the compact lane', () => {
  it('calls no command over a channel, and tells the facts that every order tells', async () => {
    const placed = await place();
    expect((await shop.end(placed)).outcome).toBe('completed');
    expect(await overChannels(placed)).toEqual([]);
    expect((await eventsOf(placed)).length).toBeLessThanOrEqual(15);
    const ordinary = await shop.place();
    await shop.end(ordinary);
    const sorted = async ({ orderId }: PlacedOrder) => (await shop.factsOf(orderId)).toSorted();
    expect(await sorted(placed)).toEqual(await sorted(ordinary));
    await replays(placed);
  });

  it('tells its id while step 2 is under way, and to whoever asks again', async () => {
    const event = anOrder();
    const release = await shop.holdTables('inventory.guard');
    const placed = await place(event);
    expect((await handleOf(placed).describe()).status.name).toBe('RUNNING');
    const again = place(event);
    await release();
    expect(await again).toEqual(placed);
    await shop.end(placed);
    expect(await place(event)).toEqual(placed);
  });

  it('with a used request id and another body is refused while the first runs', async () => {
    const event = anOrder();
    const release = await shop.holdTables('inventory.guard');
    const placed = await place(event);
    const other = place({ ...event, currency: 'USD' });
    await release();
    await expect(other).rejects.toThrow(/already used by another order request/);
    await shop.end(placed);
  });

  it('that is refused at step 1 leaves nothing, and may come again corrected', async () => {
    const event = anOrder({ lines: [{ isbn: '9791234567896', quantity: 1 }] });
    await expect(place(event)).rejects.toThrow(/catalogue does not have/);
    const placed = await place({ ...event, lines: anOrder().lines });
    expect((await shop.end(placed)).outcome).toBe('completed');
  });
});

/** Every one is held by its table's lock, until the test lets them answer in an order of its own. */
describe('the commands of a step may answer in any order', () => {
  const [mail, charge, stock] = ['notification.mail', 'payment.guard', 'inventory.guard'] as const;
  it.each([
    [[mail, charge, stock]],
    [[mail, stock, charge]],
    [[charge, mail, stock]],
    [[charge, stock, mail]],
    [[stock, mail, charge]],
    [[stock, charge, mail]],
  ])('%j', async (order) => {
    const releases = await Promise.all(order.map(async (table) => ({ table, release: await shop.holdTables(table) })));
    const placed = await place();
    await shop.allWaitFor(...order);
    for (const { release } of releases) {
      await release();
      await sleep(20); // the command answers before the next one is let go
    }
    expect((await shop.end(placed)).outcome).toBe('completed');
    await replays(placed);
  });

  const [packing, titles, shipping] = ['order_fulfillment.guard', 'warehouse.answer', 'shipping.guard'] as const;
  it.each([
    [3, [packing, titles]],
    [3, [titles, packing]],
    [4, [shipping, mail]],
    [4, [mail, shipping]],
  ])('of step %i too: %j', async (step, order) => {
    const before = await shop.holdTables(step === 3 ? stock : packing);
    const placed = await place();
    await shop.allWaitFor(step === 3 ? stock : packing);
    const releases = await Promise.all(order.map((table) => shop.holdTables(table)));
    await before();
    await shop.allWaitFor(...order);
    for (const release of releases) {
      await release();
      await sleep(20);
    }
    expect((await shop.end(placed)).outcome).toBe('completed');
    await replays(placed);
  });
});

const takenBack = async (placed: PlacedOrder) => {
  expect(await shop.end(placed)).toMatchObject({ outcome: 'cancelled' });
  expect(shop.rig.cardGateway.balance(placed.orderId)).toBe(0);
  expect(await shop.factsOf(placed.orderId)).not.toContain('order-fulfilled');
  await replays(placed);
};

/** A short task time-out has the task end in the midst of a command, as a slow command would (docs/adr/0031). */
const startedWithShortTasks = async () => {
  const event = anOrder();
  const start = { event, bodyHash: bodyHash(event), mediatorClass: 'hard', policy } as const;
  const flow = { taskQueue: channels.compact, ...orderStart(start), workflowTaskTimeout: '1 second' } as const;
  const { workflowId, firstExecutionRunId: runId } = await shop.client.workflow.start(orderMediator.workflowType, flow);
  return { event, workflowId, runId };
};

type Started = Awaited<ReturnType<typeof startedWithShortTasks>>;

/** An order that is held for its suspicion would wait for people. */
const cancelUnlessEnded = (run: WorkflowHandle) =>
  run.cancel().catch((error: unknown) => {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  });

describe('what comes while a step is under way', () => {
  it('a cancel is heard before the next step', async () => {
    const release = await shop.holdTables('payment.guard');
    const placed = await place();
    await shop.allWaitFor('payment.guard');
    const cancelled = actOnOrder({
      sources: { client: shop.client, database },
      orderId: placed.orderId,
      name: 'cancel',
      action: { actor: 'Ada', reason: null },
      updateId: `cancel-${placed.orderId}`,
      deadlineMs: 30_000,
    });
    const isMarked = 'SELECT 1 FROM mediator_store.flow WHERE order_id = $1 AND interrupted_at IS NOT NULL';
    while ((await shop.sql(isMarked, [placed.orderId])).length === 0) await sleep(5);
    await release();
    await cancelled;
    await takenBack(placed);
  });

  it('Temporal’s own cancel is heard before the next step', async () => {
    const release = await shop.holdTables('payment.guard');
    const placed = await place();
    await shop.allWaitFor('payment.guard');
    await handleOf(placed).cancel();
    await release();
    await takenBack(placed);
  });

  it('queries, a cancel, a suspicion and a repeat leave a history that replays, whenever the task ends', async () => {
    const release = await shop.holdTables('payment.guard');
    const flows = await Promise.all(Array.from({ length: 6 }, startedWithShortTasks));
    await shop.allWaitFor('payment.guard');
    const enough = new AbortController();
    const query = async (flow: Started) => {
      for (; !enough.signal.aborted; await sleep(10)) await handleOf(flow).query(orderMediator.progressQuery);
    };
    const queries = flows.map(query);
    const asked = flows.map(async (flow, index) => {
      await handleOf(flow).signal(orderMediator.suspectedSignal, { suspicionId: `s-${index}`, why: 'A test.' });
      if (index % 2 === 0) await handleOf(flow).cancel();
      return place(flow.event);
    });
    await sleep(1_000);
    await release();
    await Promise.all(asked);
    for (const [index, flow] of flows.entries()) {
      const run = shop.client.workflow.getHandle(flow.workflowId, flow.runId);
      if (index % 2 === 1) await cancelUnlessEnded(run);
      expect(await run.result()).toMatchObject(
        index % 2 === 0 ? { outcome: 'cancelled' } : { orderId: expect.any(String) },
      );
      expect((await handleOf(flow).describe()).runId).toBe(flow.runId); // no second run took its place
    }
    enough.abort();
    await Promise.all(queries);
    await Promise.all(flows.map(replays));
  });
});

/** Waits until a command has gone over its channel. */
const goneOver = (flow: Pick<PlacedOrder, 'workflowId'>, activity: string) =>
  until(async () => (await queuedActivities(shop, flow)).includes(activity), { what: `${activity} over its channel` });

const placing = (event: PlaceOrder) => ({
  flow: { workflowId: orderWorkflowId(event.requestId) },
  placed: place(event),
});

async function isCreatedOnce(placed: PlacedOrder): Promise<void> {
  expect((await shop.end(placed)).outcome).toBe('completed');
  expect((await overChannels(placed))[0]).toBe('createOrder');
  expect((await shop.factsOf(placed.orderId)).filter((name) => name === 'order-created')).toHaveLength(1);
  await replays(placed);
}

describe('step 1, which is done with the opening of the row, goes over its channel', () => {
  it('when that is braked', async () => {
    const sources = { client: shop.client, database };
    await brakeChannel(sources, 'order-placement', { reason: 'prices are counted anew', actor: 'Ada' });
    const { flow, placed } = placing(anOrder());
    await goneOver(flow, 'createOrder');
    await releaseChannel(sources, 'order-placement', { perSecond: null, actor: 'Ada' });
    await isCreatedOnce(await placed);
  });

  it('when it takes over two seconds', async () => {
    const release = await shop.holdTables('order_placement.guard');
    const { flow, placed } = placing(anOrder());
    await goneOver(flow, 'createOrder');
    await release();
    await isCreatedOnce(await placed);
  });
});

it('a command whose channel is braked waits there, and what comes after it goes over the channels', async () => {
  const sources = { client: shop.client, database };
  await brakeChannel(sources, 'payment', { reason: 'the gateway is moved', actor: 'Ada' });
  const placed = await place();
  await goneOver(placed, 'applyPayment');
  expect(await shop.factsOf(placed.orderId)).not.toContain('payment-applied');
  await releaseChannel(sources, 'payment', { perSecond: null, actor: 'Ada' });
  expect((await shop.end(placed)).outcome).toBe('completed');
  expect((await overChannels(placed)).slice(0, 2)).toEqual(['applyPayment', 'fulfillOrder']);
  await replays(placed);
});

it('a command that takes over two seconds goes on over its channel, and is done once', async () => {
  const release = await shop.holdTables('payment.guard');
  const placed = await place();
  await shop.allWaitFor('payment.guard');
  await goneOver(placed, 'applyPayment');
  await release();
  expect((await shop.end(placed)).outcome).toBe('completed');
  expect(shop.rig.cardGateway.charges(placed.orderId)).toHaveLength(1);
  const facts = await shop.factsOf(placed.orderId);
  expect(facts.filter((name) => name === 'payment-applied')).toHaveLength(1);
  expect(await overChannels(placed)).toEqual([
    'applyPayment',
    'fulfillOrder',
    'orderStock',
    'shipOrder',
    'emailCustomer',
    'emailCustomer',
  ]);
  await replays(placed);
});
