import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { placeOrder } from '../app/place.ts';
import { loadOrderPolicy } from '../config/order-policy.ts';
import { launchWorker, type WorkerProcess } from '../test/support/rig/worker.ts';
import { longestTaskWait, type TaskWait } from '../test/support/task-waits.ts';
import { labOrder } from './lab-order.ts';
import { openLabShop, type LabShop } from './open-shop.ts';

/*
 * `npm run lab:stops [-- STOPS]`: replaces the mediator's worker again and again while orders are in flight, as
 * deployments do, and prints the time that workflow tasks waited for a worker. Fails when one waited for longer than
 * docs/operations.md promises.
 */

const stops = Number(process.argv[2] ?? 50);
const inFlight = Number(process.env['IN_FLIGHT'] ?? 20);
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
async function replaceMediators(shop: LabShop, first: WorkerProcess): Promise<number[]> {
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
    process.stderr.write(`\rstop ${stop} of ${stops}: ${took.at(-1)} ms  `);
  }
  process.stderr.write('\n');
  return took;
}

function report(took: readonly number[], waits: readonly TaskWait[]): void {
  const byLength = waits.toSorted((one, other) => other.ms - one.ms);
  const late = byLength.filter(({ ms }) => ms > promisedMs);
  const lost = byLength.filter((wait) => wait.lostBy.length > 0);
  console.log(
    `${took.length} stops of ${Math.min(...took)} to ${Math.max(...took)} ms, ${waits.length} orders, ${inFlight} in flight`,
  );
  console.log(
    `the longest wait: ${byLength[0]?.ms} ms; over ${promisedMs} ms: ${late.length}; lost tasks: ${lost.length}`,
  );
  for (const wait of new Set([...late, ...lost]))
    console.log(`  ${wait.workflowId}: ${wait.ms} ms, ${wait.lostBy.join(', ')}`);
  if (late.length > 0) process.exitCode = 1;
}

async function main(): Promise<void> {
  const shop = await openLabShop([['processors']]);
  try {
    const first = await launchMediator(shop);
    const over = { yet: false };
    const ordering = keepOrdering(shop.client, () => over.yet);
    const took = await replaceMediators(shop, first).finally(() => (over.yet = true));
    const waits: TaskWait[] = [];
    for (const workflowId of await ordering) waits.push(await longestTaskWait(shop.client, workflowId));
    report(took, waits);
  } finally {
    await shop.close();
  }
}

await main();
