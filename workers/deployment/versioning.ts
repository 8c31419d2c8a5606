import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkerOptions } from '@temporalio/worker';
import { channels, type Channel } from '../../contracts/channels.ts';
import type { WorkerConfig } from '../../config/worker.ts';
import { processorNames, commandRoutes } from '../../contracts/command-routes.ts';
import type { ComponentContext } from '../component.ts';
import { findDeployment } from './deployments.ts';

/**
 * The channel of each component that is a Temporal worker, processors first: a new mediator may send a command that
 * only new processors know. Each is a deployment of its own.
 */
export const deployedChannels: ReadonlyMap<string, Channel> = new Map([
  ...processorNames.map((name): [string, Channel] => [name, channelOf(name)]),
  ['order-mediator', channels.orderMediator],
  ['compact', channels.compact],
  ['customer-mediator', channels.customerMediator],
  ['returns-mediator', channels.returnsMediator],
  ['workflow-processor', channels.workflowProcessor],
  ['bulk', channels.bulk],
]);

/** The channel of a processor. */
export function channelOf(name: (typeof processorNames)[number]): Channel {
  const route = Object.values(commandRoutes).find(({ processor }) => processor === name);
  if (!route) throw new Error(`No command goes to ${name}: give it one in contracts/commands.ts.`);
  return route.channel;
}

/**
 * A deployment belongs to one channel: an order that stays with the mediator it began with keeps no old processor
 * running.
 */
export const deploymentName = (part: string, { deploymentPrefix }: Pick<WorkerConfig, 'deploymentPrefix'>): string =>
  deploymentPrefix === undefined ? part : `${deploymentPrefix}-${part}`;

/** The options by which a worker takes part in versioning. A worker without a build id, as in development, does not. */
export function versioningOf(part: string, config: WorkerConfig): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (config.buildId === undefined) return {};
  return {
    workerDeploymentOptions: {
      version: { deploymentName: deploymentName(part, config), buildId: config.buildId },
      useWorkerVersioning: true,
      // A workflow ends on the version on which it started. A workflow that runs for ever declares another behaviour
      // itself.
      defaultVersioningBehavior: 'PINNED',
    },
  };
}

const askedEveryMs = 2_000;

/**
 * Logs when a versioned worker gets no new work, with the command to type: Temporal lets work for a version that is not
 * current wait without a message. Asks until the version is current, another one is, or `signal` is given. Never fails.
 */
export async function tellWhetherCurrent(part: string, context: ComponentContext, signal: AbortSignal): Promise<void> {
  const { buildId } = context.config.worker;
  if (buildId === undefined) return;
  const log = context.log.child({ part, buildId });
  const advice = `type "npm run deploy -- current ${buildId}"`;
  try {
    const client = await context.resources.client();
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
