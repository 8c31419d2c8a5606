import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { findDeployment, pollersOf, queuesGoBy, setCurrent, type Place } from './deployments.ts';

/** How a version is made current. */
export interface Rollout {
  /** Also when no worker of the version polls yet: before the first start. */
  readonly unstarted: boolean;
  /** Milliseconds to wait for its workers, and again for Temporal to tell every task queue. */
  readonly withinMs: number;
}

/** Makes a version current, once its workers poll, and waits until Temporal goes by it. Returns what was current before. */
export async function makeCurrent(client: Client, place: Place, rollout: Rollout): Promise<string | undefined> {
  const { deployment, buildId } = place;
  if (!rollout.unstarted) {
    const nobody = `No worker of version ${buildId} polls ${place.channel}: start one with WORKER_BUILD_ID=${buildId}, or give --unstarted.`;
    await within(rollout.withinMs, nobody, async () => {
      const known = (await findDeployment(client, deployment))?.versions.some((version) => version.buildId === buildId);
      return known && (await pollersOf(client, place)).length > 0;
    });
  }
  const before = (await findDeployment(client, deployment))?.current;
  if (before !== buildId) await setCurrent(client, place, rollout.unstarted);
  const flagUntil = Date.now() + rollout.withinMs / 6;
  await within(rollout.withinMs, `Temporal has not told every task queue of ${deployment} yet.`, async () => {
    const after = await findDeployment(client, deployment);
    if (after?.current !== buildId) return false;
    // The flag speaks of every partition, but has been seen to stay up for ever (temporalio/temporal#11842): then the queues are asked.
    return after.settled || (Date.now() > flagUntil && (await queuesGoBy(client, place)));
  });
  return before;
}

async function within(ms: number, orElse: string, condition: () => Promise<boolean | undefined>): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(orElse);
    await sleep(200);
  }
}
