import type { Report } from '../kit/report.ts';
import { pointOf, shown, spreadOf, type Spread } from '../kit/spread.ts';
import type { Measured } from './measured.ts';

/** What was sent, in which amounts. */
export interface Sent {
  readonly most: number;
  readonly rate: number;
  readonly seconds: number;
  readonly burst: number;
  readonly badShare: number;
}

type Runs = Readonly<Record<string, readonly Measured[]>>;

/** The figures of the four sides, and each way's slow end with bad events as a multiple of that without. */
export function reportOf(runs: Runs, { most, rate, seconds, burst, badShare }: Sent): Report {
  const sides = Object.entries(runs).map(([name, all]) => ({ name, ...spreads(all) }));
  const ways = ['pattern', 'in place'].map((way) => ({ way, ...ratios(runs, way) }));
  return {
    settings: { secondsPerRun: seconds, goodEventsPerSecond: round(rate), badShare, eventsToFindTheMost: burst },
    figures: {
      saturationPerSecond: round(most),
      sides: Object.fromEntries(sides.map(({ name, ...spread }) => [name, spread])),
      ratios: Object.fromEntries(ways.map(({ way, ...ratio }) => [way, ratio])),
    },
    tables: [
      {
        title: `Good events, ${rate.toFixed(0)} a second (half of what the shop completes at most); bad ones come on top`,
        columns: [
          '',
          'good events/s',
          'to start p50 ms',
          'to start p99 ms',
          'to complete p50 ms',
          'to complete p99 ms',
        ],
        rows: sides.map(({ name, perSecond, startedP50, startedP99, completeP50, completeP99 }) => [
          name,
          shown(perSecond, 1),
          ...[startedP50, startedP99, completeP50, completeP99].map((spread) => shown(spread)),
        ]),
      },
      {
        title: '10 % bad against none bad, in the same round',
        columns: ['', 'throughput', 'p99 to complete'],
        rows: ways.map(({ way, throughput, p99 }) => [way, `${shown(throughput, 2)} times`, `${shown(p99, 2)} times`]),
      },
    ],
    charts: [
      {
        name: 'p99',
        title: 'Good events beside bad ones: published to complete, p99',
        kind: 'bars',
        xLabel: 'bad events',
        yLabel: 'ms',
        series: ['pattern', 'in place'].map((way) => ({
          name: way,
          points: ['none bad', '10 % bad'].map((share) =>
            pointOf(share, spreads(runs[`${way}, ${share}`] ?? []).completeP99),
          ),
        })),
      },
    ],
    notes: [
      'Both sides are the same intake, with the same rows, rules, statements and audit trail for a bad event. With the pattern the intake hands a bad event over in one hop, and it comes back on the queue; in place it takes the next event when the repair is done.',
      'The pattern does more work for a bad event in all: a workflow of its own, and a second way over the queue. In place costs less, and makes all later events wait; how long they wait grows with the time of one repair. Here every bad event is one that a rule repairs within milliseconds: one that needs a person would stop the queue in place.',
    ],
  };
}

interface Spreads {
  readonly perSecond: Spread;
  readonly startedP50: Spread;
  readonly startedP99: Spread;
  readonly completeP50: Spread;
  readonly completeP99: Spread;
}

const spreads = (all: readonly Measured[]): Spreads => ({
  perSecond: spreadOf(all.map(({ perSecond }) => perSecond)),
  startedP50: spreadOf(all.map(({ started }) => started.p50)),
  startedP99: spreadOf(all.map(({ started }) => started.p99)),
  completeP50: spreadOf(all.map(({ complete }) => complete.p50)),
  completeP99: spreadOf(all.map(({ complete }) => complete.p99)),
});

/** Runs of one round are compared with each other, because they had the same machine. */
function ratios(runs: Runs, way: string): { readonly throughput: Spread; readonly p99: Spread } {
  const clean = runs[`${way}, none bad`] ?? [];
  const bad = runs[`${way}, 10 % bad`] ?? [];
  const ratio = (of: (run: Measured) => number) => spreadOf(bad.map((run, at) => of(run) / valueAt(clean, at, of)));
  return { throughput: ratio(({ perSecond }) => perSecond), p99: ratio(({ complete }) => complete.p99) };
}

const valueAt = (runs: readonly Measured[], at: number, of: (run: Measured) => number): number => {
  const run = runs[at];
  return run ? of(run) : Number.NaN;
};

const round = (value: number): number => Math.round(value * 10) / 10;
