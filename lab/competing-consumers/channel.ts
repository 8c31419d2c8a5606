import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Priority } from '@temporalio/common';
import { activityInfo } from '@temporalio/activity';
import { Worker } from '@temporalio/worker';
import type { LoneTemporal } from './lone-temporal.ts';

/** The time that the lab's processor takes for a command. */
export const processorMs = 50;

/** A command that was done: from whom, how long it waited for a worker, and when it was begun and done. */
export interface Done {
  readonly customer: string;
  readonly waitedMs: number;
  readonly begunAt: number;
  readonly doneAt: number;
}

/** A channel of its own, and what was done of it. */
export interface LabChannel {
  /** Sends a command for its processor. */
  send(customer: string, priority?: Priority): Promise<void>;
  /** Starts workers, each with one slot, so that workers are what is counted. */
  startWorkers(count: number): Promise<void>;
  /** Resolves when so many commands are done in all. */
  done(count: number): Promise<readonly Done[]>;
  close(): Promise<void>;
}

/** Opens a new channel on a Temporal. A command is an activity by itself: no mediator can be the bottleneck. */
export function openChannel({ client, connect }: LoneTemporal): LabChannel {
  const taskQueue = `lab-${randomUUID()}`;
  const all: Done[] = [];
  const workers: (() => Promise<void>)[] = [];
  const activities = {
    async process(customer: string): Promise<void> {
      const begunAt = Date.now();
      await sleep(processorMs);
      const waitedMs = begunAt - activityInfo().currentAttemptScheduledTimestampMs;
      all.push({ customer, waitedMs, begunAt, doneAt: Date.now() });
    },
  };
  return {
    async send(customer, priority) {
      const options = { id: randomUUID(), taskQueue, args: [customer], startToCloseTimeout: '1 minute' } as const;
      await client.activity.start('process', { ...options, ...(priority && { priority }) });
    },
    async startWorkers(count) {
      const limits = { maxConcurrentActivityTaskExecutions: 1, maxConcurrentActivityTaskPolls: 1 };
      for (let index = 0; index < count; index += 1) {
        const connection = await connect();
        const worker = await Worker.create({ connection, taskQueue, activities, ...limits });
        const ended = worker.run();
        workers.push(async () => {
          worker.shutdown();
          await ended;
          await connection.close();
        });
      }
    },
    async done(count) {
      const deadline = Date.now() + 120_000;
      while (all.length < count) {
        if (Date.now() > deadline) throw new Error(`Of ${count} commands only ${all.length} were done in two minutes.`);
        await sleep(20);
      }
      return all;
    },
    async close() {
      await Promise.all(workers.map((end) => end()));
    },
  };
}

/** Does something with a channel, and closes it in any case. */
export async function withChannel<T>(temporal: LoneTemporal, work: (channel: LabChannel) => Promise<T>): Promise<T> {
  const channel = openChannel(temporal);
  try {
    return await work(channel);
  } finally {
    await channel.close();
  }
}

/** Commands a second, from the first that was begun to the last that was done. */
export function throughputOf(all: readonly Done[]): number {
  const begun = Math.min(...all.map(({ begunAt }) => begunAt));
  const ended = Math.max(...all.map(({ doneAt }) => doneAt));
  return (all.length * 1000) / (ended - begun);
}
