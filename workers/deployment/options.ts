import type { WorkerOptions } from '@temporalio/worker';
import { channels, type Channel } from '../../contracts/channels.ts';
import type { WorkerConfig } from '../../config/worker.ts';
import { processorNames, commandRoutes } from '../../contracts/command-routes.ts';

/**
 * The channel of each part that is a Temporal worker, processors first: a new mediator may ask what only new processors know.
 * Each is a deployment of its own.
 */
export const deployedChannels: ReadonlyMap<string, Channel> = new Map([
  ...processorNames.map((name): [string, Channel] => [name, channelOf(name)]),
  ['order-mediator', channels.orderMediator],
  ['customer-mediator', channels.customerMediator],
  ['returns-mediator', channels.returnsMediator],
  ['workflow-processor', channels.workflowProcessor],
  ['bulk', channels.bulk],
]);

function channelOf(name: (typeof processorNames)[number]): Channel {
  const route = Object.values(commandRoutes).find(({ processor }) => processor === name);
  if (!route) throw new Error(`No command goes to ${name}: give it one in contracts/commands.ts.`);
  return route.channel;
}

/** A deployment is a channel's: an order that stays with the mediator it began with keeps no old processor running. */
export const deploymentName = (part: string, { deploymentPrefix }: Pick<WorkerConfig, 'deploymentPrefix'>): string =>
  deploymentPrefix === undefined ? part : `${deploymentPrefix}-${part}`;

/** What makes a worker take part in versioning: nothing without a build id, as in development. */
export function versioningOf(part: string, config: WorkerConfig): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (config.buildId === undefined) return {};
  return {
    workerDeploymentOptions: {
      version: { deploymentName: deploymentName(part, config), buildId: config.buildId },
      useWorkerVersioning: true,
      // What starts on a version ends on it. A workflow that goes on for ever says otherwise of itself.
      defaultVersioningBehavior: 'PINNED',
    },
  };
}
