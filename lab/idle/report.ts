import { workerProcesses } from '../../stack/system/own-processes.ts';
import { goalTable, type GoalRow } from '../kit/goal-rows.ts';
import { totalOf } from '../kit/processes.ts';
import type { Report, Table } from '../kit/report.ts';
import { median, shown, spreadOf } from '../kit/spread.ts';

/** One run, by process. */
export interface Idle {
  /** Of one core. */
  readonly percent: Readonly<Record<string, number>>;
  /** MiB. */
  readonly memory: Readonly<Record<string, number>>;
}

/** Our own processes; the others are servers, and stand-ins for other companies. */
const ours: readonly string[] = [...workerProcesses, 'dashboard'];

/** What the runs found, for people and for programs. */
export function reportOf(runs: readonly Idle[], settings: Report['settings']): Report {
  const names = Object.keys(runs[0]?.percent ?? {});
  const own = (run: Idle, isOurs: boolean): number =>
    totalOf(Object.fromEntries(Object.entries(run.percent).filter(([name]) => ours.includes(name) === isOurs)));
  const goals: readonly GoalRow[] = [
    percentRow(
      'idle CPU of our processes together',
      runs.map((run) => own(run, true)),
      3,
    ),
    percentRow(
      'idle CPU of servers and stand-ins',
      runs.map((run) => own(run, false)),
    ),
    ...names
      .filter((name) => ours.includes(name))
      .map((name) => ({
        what: `memory of ${name}`,
        unit: 'MiB',
        values: runs.map(({ memory }) => memory[name] ?? 0),
        atMost: 200,
      })),
  ];
  return {
    settings,
    figures: {
      idlePercent: median(runs.map((run) => own(run, true))),
      serversIdlePercent: median(runs.map((run) => own(run, false))),
      memoryMiB: Object.fromEntries(names.map((name) => [name, median(runs.map(({ memory }) => memory[name] ?? 0))])),
    },
    tables: [goalTable('An idle shop after some orders', goals), processTable(names, runs)],
    charts: [
      {
        name: 'memory',
        title: 'Memory of every process',
        kind: 'bars',
        xLabel: 'process',
        yLabel: 'MiB',
        series: [
          { name: 'memory', points: names.map((x) => ({ x, y: median(runs.map((run) => run.memory[x] ?? 0)) })) },
        ],
      },
    ],
    notes: [
      'The workers run as npm run build makes them; npm start runs the sources, which takes more memory for the loader.',
      'Memory is resident memory. That of PostgreSQL counts what its processes share once for each of them.',
    ],
  };
}

const percentRow = (what: string, values: readonly number[], atMost?: number): GoalRow => ({
  what,
  unit: '% of a core',
  digits: 1,
  values,
  ...(atMost === undefined ? {} : { atMost }),
});

const processTable = (names: readonly string[], runs: readonly Idle[]): Table => ({
  title: 'Each process; median (min to max)',
  columns: ['process', 'idle CPU, % of a core', 'memory, MiB'],
  rows: names.map((name) => [
    name,
    shown(spreadOf(runs.map(({ percent }) => percent[name] ?? 0)), 2),
    shown(spreadOf(runs.map(({ memory }) => memory[name] ?? 0))),
  ]),
});
