import { isGrpcServiceError, type Client } from '@temporalio/client';

/** The state of a version in Temporal. */
export type VersionStatus = 'current' | 'ramping' | 'draining' | 'drained' | 'never current';

/** One version that Temporal knows. */
export interface DeployedVersion {
  readonly buildId: string;
  readonly status: VersionStatus;
}

/** A deployment as Temporal knows it. */
export interface Deployment {
  /** The build id that gets new work; undefined until one was set. */
  readonly current: string | undefined;
  readonly versions: readonly DeployedVersion[];
  /** True when Temporal says that every task queue routes to `current`. */
  readonly settled: boolean;
}

/** The deployment; undefined when none of its workers has ever polled. */
export async function findDeployment(client: Client, deployment: string): Promise<Deployment | undefined> {
  try {
    const request = { namespace: client.options.namespace, deploymentName: deployment };
    const { workerDeploymentInfo: info } = await client.workflowService.describeWorkerDeployment(request);
    const versions = (info?.versionSummaries ?? []).map(({ deploymentVersion, status }) => ({
      buildId: deploymentVersion?.buildId ?? '',
      status: statuses[status ?? 0] ?? 'never current',
    }));
    const current = info?.routingConfig?.currentDeploymentVersion?.buildId || undefined;
    return { current, versions, settled: (info?.routingConfigUpdateState as number) !== updateInProgress };
  } catch (error) {
    if (isGrpcServiceError(error) && (error.code as number) === notFound) return undefined;
    throw error;
  }
}

/** gRPC's NOT_FOUND. */
const notFound = 5;

/** `ROUTING_CONFIG_UPDATE_STATE_IN_PROGRESS`. */
const updateInProgress = 1;

/** By the numbers of `WorkerDeploymentVersionStatus`. */
const statuses: Readonly<Record<number, VersionStatus>> = { 2: 'current', 3: 'ramping', 4: 'draining', 5: 'drained' };

/** A worker's poll lasts a minute: one that has not polled for longer is gone. */
const gone = 75_000;

/** The workers of a version that poll its channel now. One that ended in the last minute may still be among them. */
export async function pollersOf(client: Client, place: Place): Promise<readonly string[]> {
  const queues = await queuesOf(client, place);
  return [...new Set(queues.flatMap((queue) => alive(queue, place)).map(({ identity }) => identity ?? ''))];
}

/**
 * True when every task queue of the channel that the version's workers poll reports that it gives new work to that
 * version.
 */
export async function queuesGoBy(client: Client, place: Place): Promise<boolean> {
  const queues = (await queuesOf(client, place)).filter((queue) => alive(queue, place).length > 0);
  return queues.every(({ versioningInfo }) => {
    const { deploymentName, buildId } = versioningInfo?.currentDeploymentVersion ?? {};
    return deploymentName === place.deployment && buildId === place.buildId;
  });
}

type Queue = Awaited<ReturnType<Client['workflowService']['describeTaskQueue']>>;

/** The channel's two queues: of workflow tasks and of activity tasks. */
const queuesOf = (client: Client, { channel }: Place): Promise<Queue[]> =>
  Promise.all(
    [workflowTasks, activityTasks].map((taskQueueType) =>
      client.workflowService.describeTaskQueue({
        namespace: client.options.namespace,
        taskQueue: { name: channel },
        taskQueueType,
      }),
    ),
  );

const alive = ({ pollers }: Queue, { deployment, buildId }: Place) =>
  (pollers ?? []).filter(
    ({ deploymentOptions: of, lastAccessTime: at }) =>
      of?.deploymentName === deployment &&
      of.buildId === buildId &&
      Number(at?.seconds ?? 0) * 1000 > Date.now() - gone,
  );

/** By the numbers of `TaskQueueType`. */
const workflowTasks = 1;
const activityTasks = 2;

/** A version, and the channel its workers take from. */
export interface Place {
  readonly channel: string;
  readonly deployment: string;
  readonly buildId: string;
}

/** Gives all new work to a version. Without `evenUnseen` Temporal refuses a version of which no worker has polled. */
export async function setCurrent(
  client: Client,
  { deployment, buildId }: Omit<Place, 'channel'>,
  evenUnseen: boolean,
): Promise<void> {
  await client.workflowService.setWorkerDeploymentCurrentVersion({
    namespace: client.options.namespace,
    deploymentName: deployment,
    buildId,
    identity: 'deploy',
    allowNoPollers: evenUnseen,
    ignoreMissingTaskQueues: evenUnseen,
  });
}

/** The number of running workflows that stay with this version. Visibility lags by about a second. */
export async function pinnedTo(client: Client, { deployment, buildId }: Omit<Place, 'channel'>): Promise<number> {
  const version = `TemporalWorkerDeploymentVersion = '${deployment}:${buildId}'`;
  const query = `${version} AND TemporalWorkflowVersioningBehavior = 'Pinned' AND ExecutionStatus = 'Running'`;
  return (await client.workflow.count(query)).count;
}
