import type { Point, Report } from '../kit/report.ts';
import { pointOf, shown, spreadOf } from '../kit/spread.ts';
import { processorMs } from './channel.ts';
import type { FloodRun } from './flood.ts';
import type { WorkersRun } from './workers.ts';

type Runs<Run> = Readonly<Record<string, readonly Run[]>>;

/** The runs of all three parts, by their sides. */
export interface AllRuns {
  readonly workers: Runs<WorkersRun>;
  readonly floods: Runs<FloodRun>;
  readonly mediators: Runs<number>;
}

/** What the runs say, as tables, charts and figures. */
export function reportOf({ workers, floods, mediators }: AllRuns, settings: Report['settings']): Report {
  return {
    settings,
    figures: {
      workers: spreadsIn(workers, { perSecond: (run) => run.perSecond, waitP95: (run) => run.waitP95 }),
      mediators: spreadsIn(mediators, { perSecond: (rate) => rate }),
      floods: spreadsIn(floods, floodValues),
    },
    tables: [workerTable(workers), mediatorTable(mediators), floodTable(floods)],
    charts: [
      {
        name: 'workers',
        title: `Commands a second with competing workers, ${processorMs} ms each`,
        kind: 'lines',
        xLabel: 'workers of one slot',
        yLabel: 'commands a second',
        series: [
          { name: 'measured', points: pointsOf(workers, (run) => run.perSecond, Number) },
          { name: 'ideal', points: Object.keys(workers).map((count) => ({ x: Number(count), y: ideal(count) })) },
        ],
      },
      {
        name: 'flood',
        title: 'Waits of other customers while one floods the channel',
        kind: 'bars',
        xLabel: 'keys of the commands',
        yLabel: 'milliseconds, p50',
        series: [{ name: 'other customers', points: pointsOf(floods, (run) => run.othersP50, String) }],
      },
      {
        name: 'mediators',
        title: 'Orders a second with several mediator workers',
        kind: 'bars',
        xLabel: 'mediator workers',
        yLabel: 'orders a second',
        series: [{ name: 'orders', points: pointsOf(mediators, (rate) => rate, String) }],
      },
    ],
    notes,
  };
}

const ideal = (count: string): number => (Number(count) * 1000) / processorMs;

const floodValues = {
  othersP50: (run: FloodRun) => run.othersP50,
  othersP95: (run: FloodRun) => run.othersP95,
  floodP50: (run: FloodRun) => run.floodP50,
  perSecond: (run: FloodRun) => run.perSecond,
} as const;

const spreadsIn = <Run>(runs: Runs<Run>, values: Readonly<Record<string, (run: Run) => number>>) =>
  Object.fromEntries(
    Object.entries(runs).map(([side, all]) => [
      side,
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, spreadOf(all.map(value))])),
    ]),
  );

const pointsOf = <Run>(
  runs: Runs<Run>,
  value: (run: Run) => number,
  x: (side: string) => string | number,
): readonly Point[] => Object.entries(runs).map(([side, all]) => pointOf(x(side), spreadOf(all.map(value))));

const cell = <Run>(all: readonly Run[], value: (run: Run) => number, digits = 0): string =>
  shown(spreadOf(all.map(value)), digits);

const workerTable = (runs: AllRuns['workers']) => ({
  title: `Competing workers of one slot, processor of ${processorMs} ms: median (min to max)`,
  columns: ['workers', 'burst, commands/s', 'ideal', 'steady load, schedule-to-start p95 (ms)'],
  rows: Object.entries(runs).map(([side, all]) => [
    side,
    cell(all, (run) => run.perSecond, 1),
    ideal(side),
    cell(all, (run) => run.waitP95),
  ]),
});

const mediatorTable = (runs: AllRuns['mediators']) => ({
  title: 'Processes of the order mediator, seven processors in one other process: median (min to max)',
  columns: ['mediators', 'orders/s'],
  rows: Object.entries(runs).map(([side, all]) => [side, cell(all, (rate) => rate, 1)]),
});

const floodTable = (runs: AllRuns['floods']) => ({
  title: 'One customer floods a channel: waits for a worker in ms, median (min to max)',
  columns: ['keys', 'others p50', 'others p95', 'flood p50', 'commands/s'],
  rows: Object.entries(runs).map(([side, all]) => [
    side,
    cell(all, floodValues.othersP50),
    cell(all, floodValues.othersP95),
    cell(all, floodValues.floodP50),
    cell(all, floodValues.perSecond, 1),
  ]),
});

const notes = [
  'A worker has one slot and one poller, so that the count of workers is the count of commands under way. A real worker has a hundred slots: one process does then what many do here.',
  'The burst is there before the workers are; its rate is that of the channel. The steady load comes evenly, at half of what one worker can do at best, so that its wait is the way through Temporal; it grows only where workers or server cannot keep up.',
  'Mediator processes share the machine with Temporal, PostgreSQL and the processors. Where all cores are busy, a second mediator takes its time from them; on machines of their own this part would say more.',
  'Other customers come while the flood is worked off. Without keys they wait behind what is left of it. A fairness key per customer gives each customer its turn; a priority key needs to be known in advance.',
  'Fairness is off in the server until matching.enableFairness is set. A key that is sent to a server without it changes nothing.',
];
