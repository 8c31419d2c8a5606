import type { Chart, Table } from '../kit/report.ts';
import { quantile, shown, spreadOf } from '../kit/spread.ts';
import { sideNames, type SideName } from './sides.ts';
import type { SpeedRun } from './speed.ts';

type Speed = Readonly<Record<SideName, readonly SpeedRun[]>>;

const costs = ['perSecond', 'cpuMs', 'natsMessages', 'streamMessages', 'transactions', 'historyEvents'] as const;

const spreadIn = (runs: readonly SpeedRun[], of: (typeof costs)[number]) => spreadOf(runs.map((run) => run[of]));

/** Times of all runs together: a 99th percentile of the few orders of one run says little. */
const timesOf = (runs: readonly SpeedRun[], of: 'accepted' | 'finished') => {
  const all = runs.flatMap((run) => run[of]);
  return { p50: quantile(all, 0.5), p99: quantile(all, 0.99) };
};

/** By side: times in milliseconds, and medians over the runs with their ends. */
export const speedFigures = (speed: Speed): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    sideNames.map((name) => [
      name,
      {
        accepted: timesOf(speed[name], 'accepted'),
        finished: timesOf(speed[name], 'finished'),
        ...Object.fromEntries(costs.map((cost) => [cost, spreadIn(speed[name], cost)])),
      },
    ]),
  );

/** The three sides beside each other. */
export const speedTable = (speed: Speed): Table => ({
  title: 'The same orders: medians of the runs, with the least and the most',
  columns: ['', ...sideNames],
  rows: [
    ['accepted, one at a time, p50 and p99 (ms)', ...sideNames.map((name) => timesShown(speed[name], 'accepted'))],
    ['finished, one at a time, p50 and p99 (ms)', ...sideNames.map((name) => timesShown(speed[name], 'finished'))],
    ...costs.map((cost) => [titles[cost], ...sideNames.map((name) => shown(spreadIn(speed[name], cost), 1))]),
  ],
});

function timesShown(runs: readonly SpeedRun[], of: 'accepted' | 'finished'): string {
  const { p50, p99 } = timesOf(runs, of);
  return `${p50.toFixed(0)}, ${p99.toFixed(0)}`;
}

const titles: { readonly [Cost in (typeof costs)[number]]: string } = {
  perSecond: 'orders/s, 50 at once',
  cpuMs: 'CPU per order, all processes (ms)',
  natsMessages: 'messages of NATS per order, in and out',
  streamMessages: 'messages per order that a stream keeps',
  transactions: 'writing transactions of PostgreSQL per order',
  historyEvents: "events in Temporal's history per order",
};

/** Throughput and cost, beside each other. */
export const speedChart = (speed: Speed): Chart => ({
  name: 'speed',
  title: 'The same orders by three topologies, 50 at once',
  kind: 'bars',
  xLabel: 'topology',
  yLabel: 'orders/s, and CPU per order in 10 ms',
  series: [
    { name: 'orders/s', points: points(speed, 'perSecond', 1) },
    { name: 'CPU per order (10 ms)', points: points(speed, 'cpuMs', 10) },
  ],
});

const points = (speed: Speed, of: 'perSecond' | 'cpuMs', unit: number) =>
  sideNames.map((name) => {
    const { median, min, max } = spreadIn(speed[name], of);
    return { x: name, y: median / unit, low: min / unit, high: max / unit };
  });
