import { median, pointOf, shown, spreadOf } from '../kit/spread.ts';
import { totalOf } from '../kit/processes.ts';
import type { Chart, Report, Table } from '../kit/report.ts';
import { goalTable } from './goals.ts';
import type { PerOrder } from './per-order.ts';
import { counts, type Run } from './run.ts';

type Results = Readonly<Record<string, readonly Run[]>>;

/** What the runs found, for people and for programs. */
export function reportOf(results: Results, perOrder: Readonly<Record<string, PerOrder>>): Report {
  const sides = Object.entries(results);
  return {
    settings: {
      'orders one at a time': counts.oneAtATime,
      'orders at once': counts.atOnce,
      'Temporal server': 'as npm start runs it: SQLite with fsync, GOGC 800, one partition, 500 polls a second',
      'bare workers': 'a process for the workflow and one for seven activity workers, with the options of the SDK',
    },
    figures: Object.fromEntries(sides.map(([side, runs]) => [side, figuresOf(side, runs, perOrder[side])])),
    tables: [speedTable(sides), goalTable(results), cpuTable(sides), countTable(perOrder)],
    charts: [perSecondChart(sides), latencyChart(sides), cpuChart(sides)],
    notes,
  };
}

const notes = [
  'One machine runs everything, the client that places the orders too; its CPU is not counted in the CPU of an order.',
  'The time to the order id is the client’s; bare has no order id, so the end of its first activity is taken from its history.',
  `p99 is the slowest of the ${counts.oneAtATime} orders of a run. A ratio compares a side with bare in the same round.`,
  'The CPU of an order holds what follows its end: its facts are published and every listener has them.',
];

const middle = (runs: readonly Run[], of: (run: Run) => number): number => median(runs.map(of));

function figuresOf(side: string, runs: readonly Run[], counted: PerOrder | undefined) {
  const first = side === 'bare' ? 'first' : 'placed';
  return {
    perSecond: middle(runs, ({ waited }) => waited.perSecond),
    p50: middle(runs, ({ finished }) => finished.p50),
    p99: middle(runs, ({ finished }) => finished.p99),
    [`${first}P50`]: middle(runs, ({ placed }) => placed.p50),
    [`${first}P99`]: middle(runs, ({ placed }) => placed.p99),
    cpuMs: middle(runs, ({ waited }) => totalOf(waited.cpu)),
    queued: {
      perSecond: middle(runs, ({ queued }) => queued.perSecond),
      p50: middle(runs, ({ queuedFinished }) => queuedFinished.p50),
      p99: middle(runs, ({ queuedFinished }) => queuedFinished.p99),
      cpuMs: middle(runs, ({ queued }) => totalOf(queued.cpu)),
    },
    ...counted,
  };
}

type Sides = readonly (readonly [string, readonly Run[]])[];

interface Line {
  readonly name: string;
  readonly digits: number;
  readonly of: (run: Run) => number;
}

const speedLines: readonly Line[] = [
  { name: 'orders/s, with somebody waiting', digits: 1, of: ({ waited }) => waited.perSecond },
  { name: 'orders/s, queued', digits: 1, of: ({ queued }) => queued.perSecond },
  { name: 'order id (bare: first activity) p50, ms', digits: 0, of: ({ placed }) => placed.p50 },
  { name: 'order id (bare: first activity) p99, ms', digits: 0, of: ({ placed }) => placed.p99 },
  { name: 'finished p50, ms', digits: 0, of: ({ finished }) => finished.p50 },
  { name: 'finished p99, ms', digits: 0, of: ({ finished }) => finished.p99 },
  { name: 'finished, queued, p50, ms', digits: 0, of: ({ queuedFinished }) => queuedFinished.p50 },
  { name: 'finished, queued, p99, ms', digits: 0, of: ({ queuedFinished }) => queuedFinished.p99 },
  { name: 'CPU per order, ms', digits: 0, of: ({ waited }) => totalOf(waited.cpu) },
  { name: 'CPU per queued order, ms', digits: 0, of: ({ queued }) => totalOf(queued.cpu) },
];

const speedTable = (sides: Sides): Table => ({
  title: `${counts.oneAtATime} orders one at a time, ${counts.atOnce} at once; median (min to max)`,
  columns: ['', ...sides.map(([side]) => side)],
  rows: speedLines.map(({ name, digits, of }) => [
    name,
    ...sides.map(([, runs]) => shown(spreadOf(runs.map(of)), digits)),
  ]),
});

/** The processes that used at least half a millisecond for an order of some side, the busiest first. */
function cpuByProcess(sides: Sides): readonly (readonly [string, readonly number[]])[] {
  const names = Object.keys(sides[0]?.[1][0]?.waited.cpu ?? {});
  const of = (name: string) => sides.map(([, runs]) => middle(runs, ({ waited }) => waited.cpu[name] ?? 0));
  const all = names.map((name) => [name, of(name)] as const);
  const most = ([, values]: (typeof all)[number]) => Math.max(...values);
  return all.filter((one) => most(one) >= 0.5).toSorted((a, b) => most(b) - most(a));
}

const cpuTable = (sides: Sides): Table => ({
  title: 'Who uses what: CPU of each process per order, ms, with somebody waiting (medians)',
  columns: ['process', ...sides.map(([side]) => side)],
  rows: cpuByProcess(sides).map(([name, values]) => [name, ...values.map((value) => value.toFixed(1))]),
});

const countTable = (perOrder: Readonly<Record<string, PerOrder>>): Table => ({
  title: `What is counted, per order, over ${counts.atOnce} orders of each side`,
  columns: ['', 'history events', 'messages NATS took', 'PostgreSQL transactions', 'PostgreSQL statements'],
  rows: Object.entries(perOrder).map(([side, { events, messages, transactions, statements }]) => [
    side,
    ...[events, messages, transactions, statements].map((count) => Math.max(0, count).toFixed(0)),
  ]),
});

function barsOf(sides: Sides, lines: Readonly<Record<string, (run: Run) => number>>): Chart['series'] {
  return sides.map(([name, runs]) => ({
    name,
    points: Object.entries(lines).map(([x, of]) => pointOf(x, spreadOf(runs.map(of)))),
  }));
}

const perSecondChart = (sides: Sides): Chart => ({
  name: 'per-second',
  title: `Orders per second, ${counts.atOnce} at once`,
  kind: 'bars',
  xLabel: '',
  yLabel: 'orders/s',
  series: barsOf(sides, {
    'somebody waits': ({ waited }) => waited.perSecond,
    queued: ({ queued }) => queued.perSecond,
  }),
});

const latencyChart = (sides: Sides): Chart => ({
  name: 'latency',
  title: 'One order at a time',
  kind: 'bars',
  xLabel: '',
  yLabel: 'ms',
  series: barsOf(sides, {
    'order id p50': ({ placed }) => placed.p50,
    'finished p50': ({ finished }) => finished.p50,
    'finished p50, queued': ({ queuedFinished }) => queuedFinished.p50,
  }),
});

const cpuChart = (sides: Sides): Chart => ({
  name: 'cpu',
  title: 'Who uses what: CPU per order',
  kind: 'bars',
  xLabel: 'process',
  yLabel: 'ms of CPU',
  series: sides.map(([name], at) => ({
    name,
    points: cpuByProcess(sides).map(([x, values]) => ({ x, y: values[at] ?? 0 })),
  })),
});
