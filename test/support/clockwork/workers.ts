import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { pino } from 'pino';
import { channels, type Channel } from '../../../contracts/channels.ts';
import type { ActivitiesByChannel } from './fake-processors.ts';
import { workflowCode } from '../../../workers/workflow-code.ts';

/** Runs one worker per channel in this process, the mediators' with today's workflows; resolves when all poll. The function ends them. */
export async function runWorkers(
  { nativeConnection: connection }: TestWorkflowEnvironment,
  activitiesByChannel: ActivitiesByChannel,
): Promise<() => Promise<void>> {
  const workflowBundle = await workflowCode(pino({ level: 'silent' }));
  const names = Object.keys(activitiesByChannel) as Channel[];
  const optionsOf = (taskQueue: Channel): WorkerOptions => ({
    connection,
    taskQueue,
    activities: activitiesByChannel[taskQueue] ?? {},
    ...(taskQueue === channels.orderMediator ? { workflowBundle } : {}),
  });
  const workers = await Promise.all(names.map((name) => Worker.create(optionsOf(name))));
  const ends = Promise.all(workers.map((worker) => worker.run()));
  // Passed on when the workers are ended; until then it must not count as unhandled.
  ends.catch(() => {});
  return async () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await ends;
  };
}
