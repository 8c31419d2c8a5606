import { ScheduleNotFoundError, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { answeredInTime } from '../../broker-bridge/waiting.ts';
import { channels } from '../../contracts/channels.ts';
import { pruning } from '../../contracts/mediators/pruning.ts';
import { createSchedule, keepSchedule } from './keep-schedule.ts';

interface Scheduling {
  readonly client: Client;
  /** The time of day in UTC, as `03:30`; null when nothing is pruned. */
  readonly at: string | null;
  readonly log: Logger;
}

/**
 * Makes sure that the Schedule of pruning exists, or does not when pruning is off, until the signal is given. An
 * existing one takes the time of the worker that started last.
 */
export const keepPruningScheduled = (scheduling: Scheduling, signal: AbortSignal): Promise<void> =>
  keepSchedule(
    {
      ensure: (isFirst) => ensureSchedule(scheduling, isFirst),
      failed: 'pruning could not be scheduled; nothing is removed until it is',
      log: scheduling.log,
    },
    signal,
  );

async function ensureSchedule({ client, at, log }: Scheduling, takesTime: boolean): Promise<void> {
  if (at === null) return removeSchedule(client);
  const spec = { calendars: [{ hour: Number(at.slice(0, 2)), minute: Number(at.slice(3)) }], timezone: 'UTC' };
  const isNew = await createSchedule(client, {
    scheduleId: pruning.scheduleId,
    spec,
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '12 hours' },
    action: {
      type: 'startWorkflow',
      workflowType: pruning.workflowType,
      workflowId: pruning.workflowId,
      taskQueue: channels.returnsMediator,
      args: [],
    },
  });
  if (isNew) log.info({ at }, 'pruning is scheduled');
  else if (takesTime) await answeredInTime(client, () => handleOf(client).update((before) => ({ ...before, spec })));
}

const handleOf = ({ schedule }: Client) => schedule.getHandle(pruning.scheduleId);

async function removeSchedule(client: Client): Promise<void> {
  try {
    await answeredInTime(client, () => handleOf(client).delete());
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}
