import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import {
  findDeployment,
  pinnedTo,
  pollersOf,
  queuesGoBy,
  setCurrent,
  type Place,
  type VersionStatus,
} from './deployments.ts';

/** The conditions under which a version is made current. */
export interface Rollout {
  /** True: the version is made current also before its first worker polls. */
  readonly unstarted: boolean;
  /** Milliseconds to wait for the version's workers, and again for Temporal to update every task queue. */
  readonly withinMs: number;
}

/**
 * Makes a version current once its workers poll, and waits until Temporal routes new work to it. Returns the version
 * that was current before.
 */
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
    // The flag covers every partition, but it has been seen to stay up for ever (temporalio/temporal#11842): then the
    // queues are asked.
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

/** One version of one channel's deployment, as an operator needs to see it. */
export interface VersionReport {
  readonly part: string;
  readonly buildId: string;
  readonly status: VersionStatus;
  /** Workers that poll now, or did a minute ago. */
  readonly workers: number;
  /** Workflows that can continue only on this version. */
  readonly pinned: number;
  /** True when no workflow needs this version's workers any more. Those of the current version are always needed. */
  readonly mayBeStopped: boolean;
}

/** Every version of a part's deployment; empty when none of its workers has ever polled. */
export async function reportOn(
  client: Client,
  part: string,
  place: { readonly channel: string; readonly deployment: string },
): Promise<VersionReport[]> {
  const versions = (await findDeployment(client, place.deployment))?.versions ?? [];
  return Promise.all(
    versions.map(async ({ buildId, status }) => {
      const at = { ...place, buildId };
      const [pollers, pinned] = await Promise.all([pollersOf(client, at), pinnedTo(client, at)]);
      const mayBeStopped = pinned === 0 && status !== 'current' && status !== 'ramping';
      return { part, buildId, status, workers: pollers.length, pinned, mayBeStopped };
    }),
  );
}

/** The report as a line for people. */
export function lineOf({ part, buildId, status, workers, pinned, mayBeStopped }: VersionReport): string {
  const running = `${workers} ${workers === 1 ? 'worker' : 'workers'}`;
  const advice = mayBeStopped ? 'may be stopped' : workers === 0 ? 'NEEDS WORKERS' : 'is needed';
  return [
    part.padEnd(17),
    buildId.padEnd(20),
    status.padEnd(13),
    running.padEnd(10),
    `${pinned} pinned`.padEnd(12),
    advice,
  ]
    .join(' ')
    .trimEnd();
}
