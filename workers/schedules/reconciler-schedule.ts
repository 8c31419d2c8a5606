import { ScheduleOverlapPolicy, type Client, type ScheduleHandle } from '@temporalio/client';
import type { Logger } from 'pino';
import { channels } from '../../contracts/channels.ts';
import { reconciler } from '../../contracts/mediators/reconciler.ts';
import { createSchedule, keepSchedule } from './keep-schedule.ts';

interface Scheduling {
  readonly client: Client;
  /** The interval of the reconciler, in seconds. */
  readonly everySeconds: number;
  readonly log: Logger;
}

/**
 * Makes sure that the reconciler's Schedule exists, until the signal is given. An existing Schedule takes the interval
 * of the worker that started last.
 */
export const keepReconcilerScheduled = (scheduling: Scheduling, signal: AbortSignal): Promise<void> =>
  keepSchedule(
    {
      ensure: (isFirst) => ensureSchedule(scheduling, isFirst),
      failed: 'the reconciler could not be scheduled; lost orders are not found until it is',
      log: scheduling.log,
    },
    signal,
  );

async function ensureSchedule({ client, everySeconds, log }: Scheduling, takesInterval: boolean): Promise<void> {
  const isNew = await createSchedule(client, {
    scheduleId: reconciler.scheduleId,
    spec: { intervals: [{ every: everySeconds * 1000 }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
    action: {
      type: 'startWorkflow',
      workflowType: reconciler.workflowType,
      workflowId: reconciler.workflowId,
      taskQueue: channels.orderMediator,
      args: [],
    },
    state: { triggerImmediately: true },
  });
  if (isNew) log.info({ everySeconds }, 'the reconciler is scheduled');
  else if (takesInterval) await takeInterval(client.schedule.getHandle(reconciler.scheduleId), everySeconds * 1000);
}

/** Gives an existing Schedule this worker's interval. */
async function takeInterval(schedule: ScheduleHandle, every: number): Promise<void> {
  const { spec } = await schedule.describe();
  if (spec.intervals?.[0]?.every === every) return;
  await schedule.update((before) => ({ ...before, spec: { intervals: [{ every }] } }));
}
