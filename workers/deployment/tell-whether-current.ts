import { setTimeout as sleep } from 'node:timers/promises';
import type { ComponentContext } from '../component.ts';
import { temporalClient } from '../temporal-client.ts';
import { deploymentName } from './options.ts';
import { findDeployment } from './deployments.ts';

const askedEveryMs = 2_000;

/**
 * Says in the log when a versioned worker gets nothing new, and what to type: Temporal lets work for a version that is not
 * current wait without a word. Asks until the version is current, another one is, or `signal` is given. Never fails.
 */
export async function tellWhetherCurrent(part: string, context: ComponentContext, signal: AbortSignal): Promise<void> {
  const { buildId } = context.config.worker;
  if (buildId === undefined) return;
  const log = context.log.child({ part, buildId });
  const advice = `type "npm run deploy -- current ${buildId}"`;
  try {
    const client = await temporalClient(context);
    const deployment = deploymentName(part, context.config.worker);
    for (let warned = false; !signal.aborted; await sleep(askedEveryMs, undefined, { signal })) {
      const known = await findDeployment(client, deployment);
      if (!known?.versions.some((version) => version.buildId === buildId)) continue;
      if (known.current === buildId) return log.info({ deployment }, 'this version is current');
      if (known.current !== undefined) {
        return log.warn({ deployment, current: known.current }, `another version is current; to change that ${advice}`);
      }
      if (!warned) log.warn({ deployment }, `no version is current, so that what is asked of it waits; ${advice}`);
      warned = true;
    }
  } catch (error) {
    if (!signal.aborted) log.warn({ error: String(error) }, 'it is not known whether this version is current');
  }
}
