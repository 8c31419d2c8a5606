import { setTimeout as sleep } from 'node:timers/promises';
import type { Priority } from '@temporalio/common';
import { quantile } from '../kit/spread.ts';
import { throughputOf, withChannel } from './channel.ts';
import type { LoneTemporal } from './lone-temporal.ts';

/** One customer sends all of these at once; each of the others sends one command while they are worked off. */
export const flood = { commands: 160, workers: 4, others: 15, everyMs: 75 } as const;

export type KeysOf = (customer: string) => Priority | undefined;

/** The keys that a command may carry. */
export const keys = {
  none: () => undefined,
  fairness: (customer) => ({ fairnessKey: customer }),
  priority: (customer) => ({ priorityKey: customer === flooding ? 5 : 1 }),
} satisfies Readonly<Record<string, KeysOf>>;

const flooding = 'c-flood';

export interface FloodRun {
  /** The waits of the other customers for a worker, in milliseconds. */
  readonly othersP50: number;
  readonly othersP95: number;
  /** The waits of the customer who floods. */
  readonly floodP50: number;
  readonly perSecond: number;
}

/** One flood on a channel of its own. */
export const runFlood = (temporal: LoneTemporal, keysOf: KeysOf): Promise<FloodRun> =>
  withChannel(temporal, async (channel) => {
    await Promise.all(Array.from({ length: flood.commands }, () => channel.send(flooding, keysOf(flooding))));
    await channel.startWorkers(flood.workers);
    for (let other = 0; other < flood.others; other += 1) {
      await sleep(flood.everyMs);
      await channel.send(`c-${other}`, keysOf(`c-${other}`));
    }
    const all = await channel.done(flood.commands + flood.others);
    const waits = (isFlood: boolean) =>
      all.filter(({ customer }) => (customer === flooding) === isFlood).map(({ waitedMs }) => waitedMs);
    return {
      othersP50: quantile(waits(false), 0.5),
      othersP95: quantile(waits(false), 0.95),
      floodP50: quantile(waits(true), 0.5),
      perSecond: throughputOf(all),
    };
  });
