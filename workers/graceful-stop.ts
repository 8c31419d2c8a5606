import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { WorkerOptions } from '@temporalio/worker';
import type { WorkerConfig } from '../config/worker.ts';
import { createWorkflowTaskSlots } from './workflow-task-slots.ts';

/*
 * A worker that is shut down loses workflow tasks: the SDK's core cancels its polls first, and drops a task that a poll
 * has brought already or that lies in a buffer when another one ends (temporalio/sdk-rust #1080, #1081, #1122;
 * temporalio/temporal #9203, #9545). Its order then waits 10 seconds for the task's time-out. So a worker stops polling
 * before it is shut down: no further poll begins, Temporal ends those that are open, and the tasks they brought are
 * done. docs/operations.md names the cases that remain.
 */

/** After this time Temporal gives a task on the sticky queue of a worker that is gone to another worker. */
const stickyQueueScheduleToStartTimeout = '2s';

/** To stop polling takes tenths of a second, on an overloaded machine some seconds. */
const patienceMs = 5_000;
/** Without a key Temporal does not end polls of the shared queue: then no task must have come for this long. */
const quietMs = 250;
const callMs = 2_000;

/** The worker that leaves, as Temporal knows it. */
interface Leaving {
  readonly client: Client;
  readonly identity: string;
  readonly channel: string;
}

/** The options by which a worker of workflows can stop polling, and the function that makes it stop. */
export function createGracefulStop({ workflowTaskSlots, activitySlots, localActivitySlots }: WorkerConfig) {
  const slots = createWorkflowTaskSlots(workflowTaskSlots ?? 40);
  const recent: string[] = [];
  const remember = ({ info }: Context) => {
    const id = info.workflowExecution?.workflowId;
    if (id === undefined || recent.includes(id)) return {};
    if (recent.push(id) > 10) recent.shift();
    return {};
  };
  const options: Partial<WorkerOptions> = {
    stickyQueueScheduleToStartTimeout,
    interceptors: { activity: [remember] },
    // The SDK takes either numbers of slots or a tuner; these are its defaults.
    tuner: {
      workflowTaskSlotSupplier: slots.supplier,
      activityTaskSlotSupplier: { type: 'fixed-size', numSlots: activitySlots ?? 100 },
      localActivityTaskSlotSupplier: { type: 'fixed-size', numSlots: localActivitySlots ?? 100 },
      nexusTaskSlotSupplier: { type: 'fixed-size', numSlots: 100 },
    },
  };
  /**
   * Resolves when a shutdown loses no task, or when patience is over. Never fails: without Temporal there is no task to
   * lose.
   */
  async function stopAsking(worker: Leaving): Promise<void> {
    const [stickyTaskQueue, workerInstanceKey] = await Promise.all([stickyQueueOf(worker, recent), keyOf(worker)]);
    if (stickyTaskQueue === '' && workerInstanceKey === '') return; // just started, or Temporal is away
    slots.close();
    const closedAt = Date.now();
    while (Date.now() - closedAt < patienceMs) {
      // With its key a worker gets no work at all any more, so this step is last.
      const key =
        stickyTaskQueue !== '' && slots.polls('sticky') > 0 ? {} : { workerInstanceKey, taskQueue: worker.channel };
      await call(worker, (service, namespace) =>
        service.shutdownWorker({ namespace, identity: worker.identity, stickyTaskQueue, ...key }),
      );
      const isAtRest = slots.polls('sticky') === 0 && slots.running() === 0;
      if (isAtRest && (slots.polls('shared') === 0 || Date.now() - closedAt > quietMs)) return;
      await sleep(5);
    }
  }
  return { options, stopAsking };
}

/** Asks Temporal; undefined when it does not answer in time. */
const call = <Answer>(
  { client }: Leaving,
  ask: (service: Client['workflowService'], namespace: string) => Promise<Answer>,
): Promise<Answer | undefined> =>
  client
    .withDeadline(Date.now() + callMs, () => ask(client.workflowService, client.options.namespace))
    .catch(() => undefined);

/**
 * The queue that only this worker polls; '' when the worker ran nothing of late. The SDK does not give its name, but
 * histories hold it.
 */
async function stickyQueueOf(worker: Leaving, recent: readonly string[]): Promise<string> {
  for (const workflowId of recent.toReversed()) {
    const page = { execution: { workflowId }, maximumPageSize: 100 };
    const answer = await call(worker, (service, namespace) =>
      service.getWorkflowExecutionHistoryReverse({ namespace, ...page }),
    );
    for (const { workflowTaskScheduledEventAttributes: scheduled } of answer?.history?.events ?? []) {
      const name = scheduled?.taskQueue?.name;
      if (name?.startsWith(`${worker.identity}-`)) return name;
    }
  }
  return '';
}

/** Temporal's own name for this very worker; '' while it has not sent its first heartbeat. Identities may be shared. */
async function keyOf(worker: Leaving): Promise<string> {
  const query = `WorkerIdentity = '${worker.identity}'`;
  const answer = await call(worker, (service, namespace) => service.listWorkers({ namespace, query, pageSize: 100 }));
  const own = answer?.workers?.find(
    ({ taskQueue, hostName, processId }) =>
      taskQueue === worker.channel && hostName === hostname() && processId === String(process.pid),
  );
  return own?.workerInstanceKey ?? '';
}
