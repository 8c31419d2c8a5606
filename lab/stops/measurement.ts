import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { placeOrder } from '../../app/place.ts';
import { loadOrderPolicy } from '../../config/order-policy.ts';
import { launchWorker, type WorkerProcess } from '../../test/support/rig/worker.ts';
import { longestTaskWait, type TaskWait } from '../../test/support/task-waits.ts';
import type { Chart, Measurement, Report } from '../kit/report.ts';
import { median, quantile, shown, spreadOf } from '../kit/spread.ts';
import { labOrder } from '../lab-order.ts';
import { withLabShop, type LabShop } from '../open-shop.ts';

const inFlight = 20;

/** docs/operations.md promises that no workflow task waits longer for a worker. */
const promisedMs = 3_000;

/** Keeps so many orders in flight until `isOver`, and resolves with the ids of their workflows when all have ended. */
async function keepOrdering(client: Client, isOver: () => boolean): Promise<string[]> {
  const workflowIds: string[] = [];
  const customer = async () => {
    while (!isOver()) {
      const placed = await placeOrder({ client, event: labOrder(), policy: loadOrderPolicy({}), deadlineMs: 60_000 });
      workflowIds.push(placed.workflowId);
      await client.workflow.getHandle(placed.workflowId).result();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, customer));
  return workflowIds;
}

const launchMediator = ({ env, folder, build }: LabShop): Promise<WorkerProcess> =>
  launchWorker(['order-mediator'], env, folder, build);

/** Starts a mediator, stops the one before it, and repeats that. Returns the milliseconds that each stop took. */
async function replaceMediators(
  shop: LabShop,
  first: WorkerProcess,
  stops: number,
  say: (line: string) => void,
): Promise<number[]> {
  const took: number[] = [];
  let serving = first;
  for (let stop = 1; stop <= stops; stop += 1) {
    const next = await launchMediator(shop);
    shop.onClose(next.stop);
    await sleep(2_000); // both have orders
    const begun = performance.now();
    await serving.stop();
    took.push(Math.round(performance.now() - begun));
    serving = next;
    say(`stop ${stop} of ${stops}: ${took.at(-1)} ms`);
  }
  return took;
}

function reportOf(took: readonly number[], waits: readonly TaskWait[]): Report {
  const longestMs = Math.round(Math.max(...waits.map(({ ms }) => ms)));
  const late = waits.filter(({ ms }) => ms > promisedMs).length;
  const lost = waits.filter(({ lostBy }) => lostBy.length > 0).length;
  if (late > 0) process.exitCode = 1;
  return {
    settings: { 'orders in flight': inFlight },
    figures: { stops: took.length, orders: waits.length, longestMs, late, lost, stopMs: median(took) },
    tables: [
      {
        title: 'Orders while the worker of their mediator is replaced',
        columns: ['what', 'is'],
        rows: [
          ['stops', took.length],
          ['a stop takes, ms', shown(spreadOf(took))],
          ['orders', waits.length],
          ['longest wait of a workflow task for a worker, ms', longestMs],
          [`waits over ${promisedMs} ms`, late],
          ['workflow tasks that a leaving worker lost', lost],
        ],
      },
    ],
    charts: [waitChart(waits)],
    notes: [
      late === 0
        ? `No workflow task waited for more than the ${promisedMs} ms that docs/operations.md promises.`
        : `${late} workflow tasks waited for more than the ${promisedMs} ms that docs/operations.md promises.`,
    ],
  };
}

/** The longest wait of each order: so many of 100 orders waited no longer. */
function waitChart(waits: readonly TaskWait[]): Chart {
  const times = waits.map(({ ms }) => ms);
  const waited = Array.from({ length: 101 }, (_, x) => ({ x, y: quantile(times, x / 100) }));
  return {
    name: 'waits',
    title: 'The longest wait of an order for a worker, beside what is promised',
    kind: 'lines',
    xLabel: 'of 100 orders',
    yLabel: 'ms',
    series: [
      { name: 'waited at most', points: waited },
      { name: 'promised', points: [0, 100].map((x) => ({ x, y: promisedMs })) },
    ],
  };
}

/** Replaces the mediator's worker again and again while orders are in flight, as deployments do. */
export const measurement: Measurement = {
  name: 'stops',
  summary: 'the wait of orders while the worker of their mediator is replaced; a run is a stop',
  runs: 50,
  async measure({ runs, say }) {
    return withLabShop([['processors']], async (shop) => {
      const first = await launchMediator(shop);
      shop.onClose(first.stop);
      const over = { yet: false };
      const ordering = keepOrdering(shop.client, () => over.yet);
      const took = await replaceMediators(shop, first, runs, say).finally(() => (over.yet = true));
      const waits: TaskWait[] = [];
      for (const workflowId of await ordering) waits.push(await longestTaskWait(shop.client, workflowId));
      return reportOf(took, waits);
    });
  },
};
