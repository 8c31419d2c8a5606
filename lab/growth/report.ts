import { fittedLine, isFlat, type FittedLine } from '../kit/fitted-line.ts';
import type { Chart, Report, Table } from '../kit/report.ts';
import { atOnce } from './orders.ts';
import { cpuOfAll, type Stretch } from './stretch.ts';

/** A growth: so many orders, of which so many more are held open all the time. */
export interface Size {
  readonly orders: number;
  readonly held: number;
}

interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly of: (stretch: Stretch) => number;
}

const workers = ['order-mediator', 'mediators', 'processors', 'relay', 'listeners'];
const servers = ['temporal', 'postgres', 'nats'];
const costly = ['temporal', 'order-mediator', 'processors', 'postgres', 'listeners', 'relay', 'nats'];

const charts: readonly { readonly name: string; readonly title: string; readonly figures: readonly Figure[] }[] = [
  {
    name: 'cpu',
    title: 'CPU per order',
    figures: [
      { name: 'all processes', unit: 'ms', of: cpuOfAll },
      ...costly.map((name) => ({ name, unit: 'ms', of: ({ cpu }: Stretch) => cpu[name] ?? 0 })),
    ],
  },
  {
    name: 'times',
    title: 'An order from its placing to its end',
    figures: [
      { name: 'finished p50', unit: 'ms', of: ({ finished }) => finished.p50 },
      { name: 'finished p99', unit: 'ms', of: ({ finished }) => finished.p99 },
    ],
  },
  {
    name: 'desk',
    title: "The desk's reads",
    figures: [
      { name: 'newest orders, p50', unit: 'ms', of: ({ desk }) => desk.newest },
      { name: 'orders that wait, p50', unit: 'ms', of: ({ desk }) => desk.waiting },
      { name: 'held orders, p50', unit: 'ms', of: ({ desk }) => desk.held },
      { name: 'search by id, p50', unit: 'ms', of: ({ desk }) => desk.search },
      { name: 'one order, p50', unit: 'ms', of: ({ desk }) => desk.order },
      { name: 'any read, p99', unit: 'ms', of: ({ desk }) => desk.p99 },
    ],
  },
  {
    name: 'relay',
    title: 'A fact from its recording to its mark as published',
    figures: [
      { name: 'relay lag p50', unit: 'ms', of: ({ relayLag }) => relayLag.p50 },
      { name: 'relay lag p99', unit: 'ms', of: ({ relayLag }) => relayLag.p99 },
    ],
  },
  {
    name: 'memory',
    title: 'Resident memory',
    figures: [...workers, ...servers].map((name) => ({
      name,
      unit: 'MiB',
      of: ({ memory }: Stretch) => memory[name] ?? 0,
    })),
  },
  {
    name: 'database',
    title: 'Growth of the database per order',
    figures: [{ name: 'database', unit: 'KiB per order', of: ({ databaseKiB }) => databaseKiB }],
  },
];

/** Each figure with a line fitted through the stretches of all runs; by a thousand orders. */
export function reportOf(runs: readonly (readonly Stretch[])[], { orders, held }: Size): Report {
  const all = runs.flat();
  const rows = charts.flatMap(({ title, figures }) =>
    figures.map((figure) => ({ title, figure, line: fittedLine(pointsOf(all, figure)) })),
  );
  const sizes = [...new Set(all.map((stretch) => stretch.orders))].toSorted((a, b) => a - b);
  return {
    settings: { orders, heldOpen: held, atOnce, 'orders per stretch': orders / 10 },
    figures: {
      slopesPerThousandOrders: Object.fromEntries(
        rows.map(({ title, figure, line }) => [`${title}: ${figure.name}`, { unit: figure.unit, ...line }]),
      ),
      stretches: runs,
    },
    tables: [slopes(rows, all, sizes)],
    charts: charts.map((chart) => chartOf(chart, all, sizes)),
    notes: [
      `Measured from ${sizes[0]} to ${orders} completed orders, with ${held} others held open all the time by cards that have expired. \`ORDERS=10000 npm run lab -- growth\` goes to 10,000 with 1,000 held.`,
      'A slope counts as seen when zero is outside its interval of 95 %; of some thirty slopes one or two are so by chance. A slope that was not seen may still be there, within its interval.',
      'The relay marks published facts together, up to 50 ms after they were published: that is part of its lag here, and delays no listener.',
      'The memory of a process that has just started grows until its heap has found its size, and Temporal keeps ended workflows until their retention is over: these two are no leak by themselves. The database keeps every order; that a further order adds as much as the first is what flat means there.',
    ],
  };
}

const pointsOf = (all: readonly Stretch[], { of }: Figure) =>
  all.map((stretch) => ({ x: stretch.orders / 1_000, y: of(stretch) }));

interface Row {
  readonly title: string;
  readonly figure: Figure;
  readonly line: FittedLine;
}

const at = (line: FittedLine, orders: number): number => line.intercept + (line.slope * orders) / 1_000;

function slopes(rows: readonly Row[], all: readonly Stretch[], sizes: readonly number[]): Table {
  const [first = 0, last = 0] = [sizes[0], sizes.at(-1)];
  return {
    title: `Lines fitted through ${all.length} stretches, by least squares; slopes by 1,000 orders, with their interval of 95 %`,
    columns: ['', '', `at ${first} orders`, `at ${last} orders`, 'slope', 'change from first to last', ''],
    rows: rows.map(({ title, figure, line }) => [
      title,
      `${figure.name} (${figure.unit})`,
      at(line, first).toFixed(1),
      at(line, last).toFixed(1),
      `${line.slope.toFixed(2)} ± ${line.slopeWithin.toFixed(2)}`,
      `${((at(line, last) / at(line, first) - 1) * 100).toFixed(0)} %`,
      isFlat(line) ? 'flat' : line.slope > 0 ? 'grows' : 'falls',
    ]),
  };
}

function chartOf({ name, title, figures }: (typeof charts)[number], all: readonly Stretch[], sizes: readonly number[]) {
  const series = figures.map((figure) => ({
    name: figure.name,
    points: sizes.map((size) => {
      const values = all.filter(({ orders }) => orders === size).map(figure.of);
      const y = values.reduce((total, value) => total + value, 0) / values.length;
      return values.length > 1 ? { x: size, y, low: Math.min(...values), high: Math.max(...values) } : { x: size, y };
    }),
  }));
  const chart: Chart = { name, title, kind: 'lines', xLabel: 'orders', yLabel: figures[0]?.unit ?? '', series };
  return chart;
}
