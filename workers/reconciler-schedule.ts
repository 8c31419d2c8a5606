import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client, type ScheduleHandle } from '@temporalio/client';
import type { Logger } from 'pino';
import { sleep } from '../broker-bridge/waiting.ts';
import { channels } from '../contracts/channels.ts';
import { reconciler } from '../contracts/mediators/reconciler.ts';

/** A Temporal that came back empty has no Schedule either, so a worker checks again after this time. */
const lookEveryMs = 60_000;

interface Keeping {
  readonly client: Client;
  /** The interval of the reconciler, in seconds. */
  readonly everySeconds: number;
  readonly log: Logger;
}

/**
 * Makes sure that the reconciler's Schedule exists, now and every minute until the signal is given. An error is logged,
 * and the next minute tries again: a worker works without the Schedule. An existing Schedule takes the interval of the
 * worker that started last.
 */
export async function keepReconcilerScheduled(keeping: Keeping, signal: AbortSignal): Promise<void> {
  for (let takesInterval = true; !signal.aborted; await sleep(lookEveryMs, signal)) {
    try {
      await ensureSchedule(keeping, { takesInterval });
      takesInterval = false;
    } catch (error) {
      const message = 'the reconciler could not be scheduled; lost orders are not found until it is';
      keeping.log.error({ error: String(error) }, message);
    }
  }
}

async function ensureSchedule(
  { client, everySeconds, log }: Keeping,
  { takesInterval }: { readonly takesInterval: boolean },
): Promise<void> {
  try {
    await client.withDeadline(Date.now() + 10_000, () =>
      client.schedule.create({
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
      }),
    );
    log.info({ everySeconds }, 'the reconciler is scheduled');
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    if (takesInterval) await takeInterval(client.schedule.getHandle(reconciler.scheduleId), everySeconds * 1000);
  }
}

/** Gives an existing Schedule this worker's interval. */
async function takeInterval(schedule: ScheduleHandle, every: number): Promise<void> {
  const { spec } = await schedule.describe();
  if (spec.intervals?.[0]?.every === every) return;
  await schedule.update((before) => ({ ...before, spec: { intervals: [{ every }] } }));
}
