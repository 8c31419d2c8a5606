import { ensureCustomerEventStream } from '../../broker-bridge/nats/our-streams.ts';
import { goalTable, type GoalRow } from '../kit/goal-rows.ts';
import type { Chart, MeasureOptions, Measurement, Report, Table } from '../kit/report.ts';
import { pointOf, shown, spreadOf } from '../kit/spread.ts';
import { addCustomers, withLabShop, type LabShop } from '../open-shop.ts';
import { burst, eventsPerSecond } from './events.ts';
import { effectsPerSecond, facts, relayLag, relayPerSecond, stream, takeRest, type Lag } from './facts.ts';
import type { Worked } from './shop.ts';

/** How much the parts of the event bridge take, each with a full queue before it. */
export const measurement: Measurement = {
  name: 'rates',
  summary: 'events recorded, facts published and effects of listeners per second; the lag of the relay',
  runs: 5,
  async measure(options): Promise<Report> {
    options.say('opening a shop');
    return withLabShop([], async (shop) => {
      await ensureCustomerEventStream(shop.broker);
      await addCustomers(shop, burst.customers);
      return reportOf(await measured(shop, options));
    });
  },
};

const listeners = ['order-timeline', 'email-analytics'] as const;

interface Run {
  readonly events: Worked<number>;
  readonly relay: Worked<number>;
  readonly listeners: Readonly<Record<string, Worked<number>>>;
  readonly lag: Worked<Lag>;
}

async function measured(shop: LabShop, { runs, say }: MeasureOptions): Promise<readonly Run[]> {
  const all: Run[] = [];
  for (let run = 1; run <= runs; run += 1) {
    const one = await runOf(shop, `run${run}`);
    all.push(one);
    const effects = Object.entries(one.listeners).map(([name, { value }]) => `${name} ${value.toFixed(0)}/s`);
    const { p99, written } = one.lag.value;
    const relay = `relay ${one.relay.value.toFixed(0)}/s with ${p99.toFixed(0)} ms lag at ${written.toFixed(0)}/s`;
    say(`run ${run}: ${one.events.value.toFixed(0)} events/s, ${relay}, ${effects.join(', ')}`);
  }
  return all;
}

async function runOf(shop: LabShop, run: string): Promise<Run> {
  const events = await eventsPerSecond(shop, run);
  const relay = await relayPerSecond(shop);
  const effects: Record<string, Worked<number>> = {};
  for (const name of listeners) effects[name] = await effectsPerSecond(shop, name);
  const lag = await relayLag(shop, run);
  // The facts of the lag are taken before the next run, so that each begins with the same number before it.
  for (const name of listeners) await takeRest(shop, name);
  return { events, relay, listeners: effects, lag };
}

function reportOf(runs: readonly Run[]): Report {
  const rate = (of: (run: Run) => Worked<number> | undefined) => runs.map((run) => of(run)?.value ?? Number.NaN);
  const rows: readonly GoalRow[] = [
    row(
      'initiating events recorded in a burst',
      'rows/s',
      2_000,
      rate(({ events }) => events),
    ),
    row(
      'facts published by the relay',
      'facts/s',
      3_000,
      rate(({ relay }) => relay),
    ),
    lagRow('p50', runs),
    { ...lagRow('p99', runs), atMost: 50 },
    ...listeners.map((name) =>
      row(
        `effects of the listener ${name}`,
        'effects/s',
        1_500,
        rate((run) => run.listeners[name]),
      ),
    ),
  ];
  return {
    settings: { ...burst, facts: facts.count, keys: facts.keys, ...stream },
    figures: {
      eventsPerSecond: spreadOf(rows[0]?.values ?? []),
      relayPerSecond: spreadOf(rows[1]?.values ?? []),
      relayLagP99: spreadOf(rows[3]?.values ?? []),
      effectsPerSecond: Object.fromEntries(listeners.map((name, at) => [name, spreadOf(rows[4 + at]?.values ?? [])])),
    },
    tables: [goalTable('Rates of the event bridge, each part alone in a process of its own', rows), cpuTable(runs)],
    charts: [rateChart(rows)],
    notes: [
      'Each part has a full queue before it and runs without the others: beside a whole shop it shares the cores.',
      'An intake records at first, and rings while it records; the mediators of the customers do not run here.',
      'The lag is from the answer to the commit until the fact is at a subscriber, by one clock.',
      'A process that needs a second of CPU for 1,000 takes at most 1,000 a second, however quiet the machine is.',
    ],
  };
}

/** What is counted a second, beside its goal. */
function rateChart(rows: readonly GoalRow[]): Chart {
  const rates = rows.filter(({ atLeast }) => atLeast !== undefined);
  return {
    name: 'per-second',
    title: 'What each part does in a second, alone',
    kind: 'bars',
    xLabel: '',
    yLabel: 'a second',
    series: [
      { name: 'measured', points: rates.map(({ what, values }) => pointOf(what, spreadOf(values))) },
      { name: 'goal', points: rates.map(({ what, atLeast = 0 }) => ({ x: what, y: atLeast })) },
    ],
  };
}

/** The part of a rate that does not hang on other load of the machine. */
function cpuTable(runs: readonly Run[]): Table {
  const parts: readonly (readonly [string, number, (run: Run) => number | undefined])[] = [
    ['intake', burst.events, ({ events }) => events.cpuMs],
    ['relay', facts.count, ({ relay }) => relay.cpuMs],
    ...listeners.map((name) => [`listener:${name}`, facts.count, (run: Run) => run.listeners[name]?.cpuMs] as const),
  ];
  return {
    title: 'CPU of the process itself for 1,000, in milliseconds',
    columns: ['process', 'median (min to max)'],
    rows: parts.map(([name, count, of]) => [
      name,
      shown(spreadOf(runs.map((run) => ((of(run) ?? Number.NaN) * 1_000) / count))),
    ]),
  };
}

const row = (what: string, unit: string, atLeast: number, values: readonly number[]): GoalRow => ({
  what,
  unit,
  atLeast,
  values,
});

const lagRow = (which: 'p50' | 'p99', runs: readonly Run[]): GoalRow => ({
  what: `lag of the relay at ${stream.perSecond} facts/s, ${which}`,
  unit: 'ms',
  digits: 1,
  values: runs.map(({ lag }) => lag.value[which]),
});
