import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { byNode, launchProcess } from '../../../stack/launch/process.ts';
import type { CountedProcess } from '../processes.ts';
import { bareQueues, type BareRole } from './bare-workflow.ts';

/** The processes of the bare workflow's workers. */
export interface BareWorkers {
  readonly processes: readonly CountedProcess[];
  stop(): Promise<void>;
}

/** Starts them for the Temporal of this environment; `options` are options of their workers. */
export async function startBareWorkers(
  env: NodeJS.ProcessEnv,
  folder: string,
  options: object = {},
): Promise<BareWorkers> {
  const bundle = join(folder, 'bare-workflow.js');
  await writeFile(bundle, (await (bundled ??= bundleWorkflow())).code);
  const roles: readonly BareRole[] = ['mediator', 'processors'];
  const starts = await Promise.allSettled(
    roles.map((role) => launch(role, { ...env, BARE_BUNDLE: bundle }, folder, options)),
  );
  const running = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const stop = async (): Promise<void> => void (await Promise.all(running.map((worker) => worker.stop())));
  const failed = starts.find((start) => start.status === 'rejected');
  if (!failed) return { processes: running.map(({ pid }, at) => ({ name: `bare ${roles[at]}`, pid })), stop };
  await stop();
  throw failed.reason;
}

/** Made once: a measurement may start many workers. */
let bundled: Promise<WorkflowBundleWithSourceMap> | undefined;

const bundleWorkflow = () =>
  bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./bare-workflow.ts', import.meta.url)),
    logger: new DefaultLogger('WARN'),
  });

const launch = (role: BareRole, env: NodeJS.ProcessEnv, folder: string, options: object) =>
  launchProcess({
    name: `bare ${role}`,
    ...byNode('lab/kit/bare/bare-worker.ts', role),
    env: { ...env, BARE_WORKER_OPTIONS: JSON.stringify(options) },
    logFile: join(folder, `bare-${role}.log`),
    isReady: 'says-so',
    readyWithin: 60_000,
  });

/** Starts one bare workflow, and resolves with its id. */
export async function startBare(client: Client): Promise<string> {
  const workflowId = `bare/${randomUUID()}`;
  await client.workflow.start('bareFiveSteps', { taskQueue: bareQueues.mediator, workflowId });
  return workflowId;
}

/**
 * The milliseconds from `startedAt`, an instant of this machine's clock, to the end of the first activity as the server
 * has recorded it. Nothing is added to the bare workflow to learn it.
 */
export async function firstActivityMs(client: Client, workflowId: string, startedAt: number): Promise<number> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const first = events?.find(({ activityTaskCompletedEventAttributes: completed }) => completed);
  if (!first?.eventTime) throw new Error(`No activity of ${workflowId} has ended.`);
  return tsToMs(first.eventTime) - startedAt;
}
