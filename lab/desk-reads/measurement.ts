import { goalTable, type GoalRow } from '../kit/goal-rows.ts';
import { millisecondsOf } from '../kit/in-turns.ts';
import type { MeasureOptions, Measurement, Report, Table } from '../kit/report.ts';
import { median, quantile, shown, spreadOf } from '../kit/spread.ts';
import { withLabShop, type LabShop } from '../open-shop.ts';
import { fill, filled } from './orders.ts';
import { readsOn, type Read } from './reads.ts';

/** How long the desk's pages wait for PostgreSQL when there are many orders. */
export const measurement: Measurement = {
  name: 'desk-reads',
  summary: 'what the desk’s pages read, with 100,000 orders in the database',
  runs: 5,
  async measure(options): Promise<Report> {
    options.say('opening a shop');
    return withLabShop([], (shop) => measured(shop, options));
  },
};

/** Calls of each read in a run, one after the other. */
const calls = 200;
/** Those that are kept in a cache are called less often, here as there. */
const callsOfKept = 20;

async function measured({ sql, database }: LabShop, { runs, say }: MeasureOptions): Promise<Report> {
  say(`writing ${filled.orders} orders`);
  await fill(sql);
  const { each, kept } = await readsOn(database);
  const found = new Map<string, Times[]>();
  for (let run = 0; run <= runs; run += 1) {
    for (const [name, read] of [...Object.entries(each), ...Object.entries(kept)]) {
      const times = await timesOf(read, name in kept ? callsOfKept : calls, run);
      if (run > 0) found.set(name, [...(found.get(name) ?? []), times]); // the first warms up
    }
    say(run === 0 ? 'warm' : `run ${run} of ${runs}`);
  }
  return reportOf(found, Object.keys(kept));
}

/** Milliseconds. */
interface Times {
  readonly p50: number;
  readonly p99: number;
}

async function timesOf(read: Read, count: number, run: number): Promise<Times> {
  const times: number[] = [];
  for (let call = 0; call < count; call += 1) times.push(await millisecondsOf(() => read(run * count + call)));
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

const timesTable = (found: ReadonlyMap<string, readonly Times[]>): Table => ({
  title: 'The same reads, ms; median (min to max) of the runs',
  columns: ['', 'p50', 'p99'],
  rows: [...found].map(([name, times]) => [
    name,
    shown(spreadOf(times.map(({ p50 }) => p50)), 1),
    shown(spreadOf(times.map(({ p99 }) => p99)), 1),
  ]),
});

function reportOf(found: ReadonlyMap<string, readonly Times[]>, kept: readonly string[]): Report {
  const row = ([name, times]: readonly [string, readonly Times[]]): GoalRow => {
    const all = { what: `${name}, p99`, unit: 'ms', digits: 1, values: times.map(({ p99 }) => p99) };
    return kept.includes(name) ? { ...all, what: `${name} (kept in a cache), slowest` } : { ...all, atMost: 50 };
  };
  const middle = (times: readonly Times[], which: keyof Times): number => median(times.map((one) => one[which]));
  return {
    settings: { ...filled, calls, callsOfKept },
    figures: {
      reads: Object.fromEntries(
        [...found].map(([name, times]) => [name, { p50: middle(times, 'p50'), p99: middle(times, 'p99') }]),
      ),
    },
    tables: [
      goalTable(`Reads of the desk at ${filled.orders.toLocaleString('en')} orders`, [...found].map(row)),
      timesTable(found),
    ],
    charts: [
      {
        name: 'p99',
        title: `Reads of the desk at ${filled.orders.toLocaleString('en')} orders, p99`,
        kind: 'bars',
        xLabel: 'read',
        yLabel: 'ms',
        series: [{ name: 'p99', points: [...found].map(([x, times]) => ({ x, y: middle(times, 'p99') })) }],
      },
    ],
    notes: [
      'One read at a time through one pool, on a database that lies in memory. A page makes several side by side.',
      `Numbers of a page that have to count rows are kept for some seconds, and are read ${callsOfKept} times a run.`,
    ],
  };
}
