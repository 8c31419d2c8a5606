import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client, type ScheduleHandle } from '@temporalio/client';
import type { Logger } from 'pino';
import { channels } from '../contracts/channels.ts';
import { reconciler } from '../contracts/mediators/reconciler.ts';

/** A Temporal that came back empty has no Schedule either: how often a worker looks. */
const lookEveryMs = 60_000;

interface Keeping {
  readonly client: Client;
  /** How often the reconciler runs, in seconds. */
  readonly everySeconds: number;
  readonly log: Logger;
}

/**
 * Makes sure that the reconciler's Schedule exists, now and again and again until the returned function is called. Trouble is
 * logged and tried again the next time: a worker works without it. A Schedule that is there takes the interval of the worker that started last.
 */
export function keepReconcilerScheduled(keeping: Keeping): () => void {
  let hasLooked = false;
  const look = () =>
    ensureSchedule(keeping, { takesInterval: !hasLooked })
      .then(() => void (hasLooked = true))
      .catch((error: unknown) => {
        keeping.log.error(
          { error: String(error) },
          'the reconciler could not be scheduled; lost orders are not found until it is',
        );
      });
  void look();
  const timer = setInterval(() => void look(), lookEveryMs);
  return () => clearInterval(timer);
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

/** The Schedule that is there takes this worker's interval. */
async function takeInterval(schedule: ScheduleHandle, every: number): Promise<void> {
  const { spec } = await schedule.describe();
  if (spec.intervals?.[0]?.every === every) return;
  await schedule.update((before) => ({ ...before, spec: { intervals: [{ every }] } }));
}
