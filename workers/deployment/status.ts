import type { Client } from '@temporalio/client';
import { findDeployment, pinnedTo, pollersOf, type VersionStatus } from './deployments.ts';

/** One version of one channel's deployment, as an operator needs to see it. */
export interface VersionReport {
  readonly part: string;
  readonly buildId: string;
  readonly status: VersionStatus;
  /** Workers that poll now, or did a minute ago. */
  readonly workers: number;
  /** Workflows that can go on only on this version. */
  readonly pinned: number;
  /** Whether nothing needs this version's workers any more. Those of the current version are always needed. */
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
