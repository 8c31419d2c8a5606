import { Worker, type WorkerOptions, type WorkflowBundleOption } from '@temporalio/worker';
import type { RunningComponent } from '../broker-bridge/component.ts';
import type { WorkerConfig } from '../config/worker.ts';
import { tellWhetherCurrent, versioningOf } from './deployment/versioning.ts';
import { createGracefulStop } from './graceful-stop.ts';
import type { ComponentContext } from './component.ts';
import { requireNamespace } from './require-namespace.ts';
import { workflowCode } from './workflow-code.ts';

/** The differences between one worker and another. */
export interface WorkerPlan {
  /** The component's name, also in the worker's identity. */
  readonly name: string;
  /** The task queue it polls; other workers may compete on it. */
  readonly channel: string;
  readonly activities: object;
  /** True for a worker that also runs the workflows. */
  readonly runsWorkflows?: boolean;
  /** The most activities a second that all workers of the channel take together; no limit when it is left out. */
  readonly queuePerSecond?: number;
  /** Closes the activities' resources, after the last of them is done. */
  readonly release?: (() => Promise<void> | void) | undefined;
}

/** Starts one Temporal worker; resolves when it polls its channel. */
export async function runWorker(plan: WorkerPlan, context: ComponentContext): Promise<RunningComponent> {
  const { resources, namespace, log, config } = context;
  const workflowBundle = plan.runsWorkflows ? await workflowCode(log) : undefined;
  const options = optionsOf(plan, config.worker, workflowBundle);
  const leaving = workflowBundle && createGracefulStop(config.worker);
  const connection = await resources.temporal();
  await requireNamespace(connection, namespace, plan.runsWorkflows === true);
  const worker = await Worker.create({ ...options, ...leaving?.options, connection, namespace });
  const stopped = runToEnd(worker, plan, context);
  log.info({ part: plan.name, channel: plan.channel }, 'worker started');
  return {
    name: plan.name,
    stopped,
    async stop() {
      const place = { client: await resources.client(), identity: options.identity, channel: plan.channel };
      if (worker.getState() === 'RUNNING') await leaving?.stopAsking(place);
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await stopped;
    },
  };
}

async function runToEnd(worker: Worker, { name, release }: WorkerPlan, context: ComponentContext): Promise<void> {
  const ending = new AbortController();
  const telling = tellWhetherCurrent(name, context, ending.signal);
  try {
    await worker.run();
  } finally {
    ending.abort();
    await telling;
    await release?.();
  }
}

/** Activities are told to give up after the grace time; after this further time the process ends without them. */
const lastWordsMs = 2_000;

const optionsOf = (
  { name, channel, activities, queuePerSecond }: WorkerPlan,
  config: WorkerConfig,
  workflowBundle: WorkflowBundleOption | undefined,
): Omit<WorkerOptions, 'connection'> & { readonly identity: string } => ({
  taskQueue: channel,
  activities,
  identity: `${name}@${config.identity ?? process.pid}`,
  shutdownGraceTime: config.shutdownGraceMs,
  shutdownForceTime: config.shutdownGraceMs + lastWordsMs,
  ...versioningOf(name, config),
  ...given('maxTaskQueueActivitiesPerSecond', queuePerSecond),
  ...(workflowBundle
    ? { workflowBundle, ...given('maxCachedWorkflows', config.cachedWorkflows) }
    : given('maxConcurrentActivityTaskExecutions', config.activitySlots)),
});

/** The option, or nothing when it is left to the SDK, which takes undefined for a value. */
const given = (option: keyof WorkerOptions, value: number | undefined): Partial<WorkerOptions> =>
  value === undefined ? {} : { [option]: value };
