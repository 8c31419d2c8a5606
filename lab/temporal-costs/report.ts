import type { Chart, Report, Table } from '../kit/report.ts';
import { median, pointOf, shown, spreadOf } from '../kit/spread.ts';
import { clusterVersion } from './cluster-binaries.ts';
import { counts, type Run } from './run.ts';

type Results = Readonly<Record<string, readonly Run[]>>;

interface Column {
  readonly title: string;
  readonly digits: number;
  readonly of: keyof Run;
}

const columns: readonly Column[] = [
  { title: `workflows/s, ${counts.atOnce} at once`, digits: 1, of: 'perSecond' },
  { title: 'p50, ms', digits: 0, of: 'p50' },
  { title: 'p99, ms', digits: 0, of: 'p99' },
  { title: 'server CPU, ms', digits: 0, of: 'serverMs' },
  { title: 'workers’ CPU, ms', digits: 0, of: 'workersMs' },
];

/** What the runs found, for people and for programs. */
export const reportOf = (results: Results, hasCluster: boolean): Report => ({
  settings: {
    ...counts,
    'server on PostgreSQL': hasCluster ? clusterVersion : 'left out: there is no Go, or no build',
  },
  figures: { variants: Object.fromEntries(Object.entries(results).map(([name, runs]) => [name, mediansOf(runs)])) },
  tables: [tableOf(results)],
  charts: [chartOf(results, 'per-second', columns[0]), chartOf(results, 'server-cpu', columns[3])].flat(),
  notes: [
    'Rows that begin with … change one thing of the row without it above them.',
    'The development server has one history shard and no option for more; shards are a choice of the server on PostgreSQL.',
    'CPU of the server on PostgreSQL holds that of PostgreSQL. p50 and p99 are of one workflow at a time.',
    ...(hasCluster ? [] : ['The server on PostgreSQL was left out: building it needs Go.']),
  ],
});

const mediansOf = (runs: readonly Run[]) =>
  Object.fromEntries(columns.map(({ of }) => [of, median(runs.map((run) => run[of]))]));

const tableOf = (results: Results): Table => ({
  title: 'The bare workflow of five steps and nine activities; median (min to max)',
  columns: ['', ...columns.map(({ title }) => title)],
  rows: Object.entries(results).map(([name, runs]) => [
    name,
    ...columns.map(({ of, digits }) => shown(spreadOf(runs.map((run) => run[of])), digits)),
  ]),
});

function chartOf(results: Results, name: string, column: Column | undefined): readonly Chart[] {
  if (!column) return [];
  const points = Object.entries(results).map(([x, runs]) => pointOf(x, spreadOf(runs.map((run) => run[column.of]))));
  const series = [{ name: column.title, points }];
  return [{ name, title: column.title, kind: 'bars', xLabel: '', yLabel: column.title, series }];
}
