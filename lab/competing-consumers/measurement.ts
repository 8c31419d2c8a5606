import { inTurns } from '../kit/in-turns.ts';
import type { Measurement, MeasureOptions, Report } from '../kit/report.ts';
import { processorMs } from './channel.ts';
import { flood, keys, runFlood } from './flood.ts';
import { openLoneTemporal, type LoneTemporal } from './lone-temporal.ts';
import { mediatorCounts, ordersAtOnce, withMediatorStage } from './mediators.ts';
import { reportOf } from './report.ts';
import { perWorker, runWorkers, steady, workerCounts } from './workers.ts';

export const measurement: Measurement = {
  name: 'competing-consumers',
  summary: 'workers that compete on a channel, the mediator as bottleneck, and fairness under a flood',
  runs: 5,
  measure,
};

async function measure(options: MeasureOptions): Promise<Report> {
  const workers = await onTemporal([], (temporal) => competing(temporal, options));
  const floods = await flooded(options);
  const mediators = await severalMediators(options);
  return reportOf({ workers, floods, mediators }, settings);
}

const settings = {
  processorMs,
  slotsPerWorker: 1,
  perWorkerInBurst: perWorker,
  steadyPerSecond: steady.perSecond,
  floodCommands: flood.commands,
  floodWorkers: flood.workers,
  otherCustomers: flood.others,
  ordersAtOnce,
};

async function onTemporal<T>(own: readonly string[], work: (temporal: LoneTemporal) => Promise<T>): Promise<T> {
  const temporal = await openLoneTemporal(own);
  try {
    return await work(temporal);
  } finally {
    await temporal.close();
  }
}

async function competing(temporal: LoneTemporal, { runs, say }: MeasureOptions) {
  const sides = Object.fromEntries(
    workerCounts.map((count) => [String(count), () => runWorkers(temporal, count)] as const),
  );
  return inTurns(runs, sides, (side, round, { perSecond, waitP95 }) =>
    say(`${side} workers, run ${round}: ${perSecond.toFixed(1)}/s, waits p95 ${waitP95} ms`),
  );
}

/** Fairness is a setting of the whole server, so that one without it stands beside it. */
const flooded = ({ runs, say }: MeasureOptions) =>
  onTemporal([], (plain) =>
    onTemporal(['matching.enableFairness=true'], (fair) => {
      const sides = {
        'no keys': () => runFlood(plain, keys.none),
        'fairness key, server without fairness': () => runFlood(plain, keys.fairness),
        'no keys, server with fairness': () => runFlood(fair, keys.none),
        'fairness key': () => runFlood(fair, keys.fairness),
        'priority key': () => runFlood(plain, keys.priority),
      };
      return inTurns(runs, sides, (side, round, { othersP50, perSecond }) =>
        say(`flood, ${side}, run ${round}: others wait p50 ${othersP50} ms, ${perSecond.toFixed(1)}/s`),
      );
    }),
  );

const severalMediators = ({ runs, say }: MeasureOptions) =>
  withMediatorStage((stage) => {
    const sides = Object.fromEntries(
      mediatorCounts.map((count) => [String(count), () => stage.perSecond(count)] as const),
    );
    return inTurns(runs, sides, (side, round, rate) =>
      say(`${side} mediators, run ${round}: ${rate.toFixed(1)} orders/s`),
    );
  });
