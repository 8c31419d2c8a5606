import { ScheduleAlreadyRunning, type Client, type ScheduleOptions } from '@temporalio/client';
import type { Logger } from 'pino';
import { answeredInTime, sleep } from '../../broker-bridge/waiting.ts';

/** A Temporal that came back empty has no Schedule and no brake either, so a worker checks again after this time. */
const lookEveryMs = 60_000;

/** The means to make sure of something that Temporal keeps. */
export interface Keeping {
  /** Makes sure once. `isFirst` until it has succeeded: the worker that started last sets how the Schedule is. */
  ensure(isFirst: boolean): Promise<void>;
  /** The log line when that failed. */
  readonly failed: string;
  readonly log: Logger;
}

/**
 * Makes sure now and every minute until the signal is given. An error is logged, and the next minute tries again: a
 * worker works without the Schedule.
 */
export async function keepSchedule({ ensure, failed, log }: Keeping, signal: AbortSignal): Promise<void> {
  for (let isFirst = true; !signal.aborted; await sleep(lookEveryMs, signal)) {
    try {
      await ensure(isFirst);
      isFirst = false;
    } catch (error) {
      log.error({ error: String(error) }, failed);
    }
  }
}

/** Makes the Schedule. False when it is there already. */
export async function createSchedule(client: Client, options: ScheduleOptions): Promise<boolean> {
  try {
    await answeredInTime(client, () => client.schedule.create(options));
    return true;
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return false;
    throw error;
  }
}
