import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '../kit/spread.ts';
import { throughputOf, withChannel } from './channel.ts';
import type { LoneTemporal } from './lone-temporal.ts';

export const workerCounts = [1, 2, 4, 8] as const;

/** The commands that wait for each worker in a burst. */
export const perWorker = 25;

/** The steady load, which one worker can do: a 50 ms processor does 20 a second at best. */
export const steady = { perSecond: 10, commands: 40 } as const;

export interface WorkersRun {
  readonly perSecond: number;
  /** Schedule-to-start of the steady load, in milliseconds. */
  readonly waitP95: number;
}

/** One run with so many competing workers: a burst, then the steady load. */
export const runWorkers = async (temporal: LoneTemporal, workers: number): Promise<WorkersRun> => ({
  perSecond: await burst(temporal, workers),
  waitP95: await steadyWait(temporal, workers),
});

/** The commands are all there before the first worker is, so that sending them costs no time of theirs. */
const burst = (temporal: LoneTemporal, workers: number): Promise<number> =>
  withChannel(temporal, async (channel) => {
    const count = perWorker * workers;
    await Promise.all(Array.from({ length: count }, () => channel.send('c-1')));
    await channel.startWorkers(workers);
    return throughputOf(await channel.done(count));
  });

const steadyWait = (temporal: LoneTemporal, workers: number): Promise<number> =>
  withChannel(temporal, async (channel) => {
    await channel.startWorkers(workers);
    await channel.send('warm');
    await channel.done(1);
    const sending: Promise<void>[] = [];
    const begun = performance.now();
    while (sending.length < steady.commands) {
      const due = Math.min(steady.commands, ((performance.now() - begun) / 1000) * steady.perSecond);
      while (sending.length < due) sending.push(channel.send('c-1'));
      await sleep(5);
    }
    await Promise.all(sending);
    const all = await channel.done(steady.commands + 1);
    const waits = all.filter(({ customer }) => customer !== 'warm').map(({ waitedMs }) => waitedMs);
    return quantile(waits, 0.95);
  });
