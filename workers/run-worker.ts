import { Worker, type WorkerOptions } from '@temporalio/worker';
import type { RunningPart } from '../broker-bridge/running-part.ts';
import type { PartContext } from './part.ts';

/** What makes one worker different from another. */
export interface WorkerPlan {
  /** The part's name, also in the worker's identity. */
  readonly name: string;
  /** The event channel it takes from; others may compete on it. */
  readonly channel: string;
  readonly activities: object;
  /** Mediators only: the bundle of the workflows. */
  readonly workflowBundle?: { readonly code: string };
  /** Ends what the activities used, after the last of them is done. */
  readonly release?: (() => Promise<void> | void) | undefined;
}

/** Long enough for a charge under way (8 s at the gateway); what is not done then is asked again elsewhere. */
const shutdownGraceTime = '10 seconds';

/** Starts one Temporal worker; resolves when it polls its channel. */
export async function runWorker(plan: WorkerPlan, { resources, namespace, log }: PartContext): Promise<RunningPart> {
  const worker = await Worker.create({ ...optionsOf(plan), connection: await resources.temporal(), namespace });
  const stopped = runToEnd(worker, plan);
  log.info({ part: plan.name, channel: plan.channel }, 'worker started');
  return {
    name: plan.name,
    stopped,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await stopped;
    },
  };
}

async function runToEnd(worker: Worker, { release }: WorkerPlan): Promise<void> {
  try {
    await worker.run();
  } finally {
    await release?.();
  }
}

const optionsOf = ({ name, channel, activities, workflowBundle }: WorkerPlan): Omit<WorkerOptions, 'connection'> => ({
  taskQueue: channel,
  activities,
  identity: `${name}@${process.pid}`,
  shutdownGraceTime,
  ...(workflowBundle ? { workflowBundle } : {}),
});
