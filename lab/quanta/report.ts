import type { Report } from '../kit/report.ts';
import { shown, spreadOf } from '../kit/spread.ts';
import { outage, type Outage, type Scenario } from './outage.ts';

/** Orders per second, and milliseconds of one order from its placing to its end. */
export interface Speed {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

const names = { shared: "the shop's database", own: "payment's own database" } as const;

/** The two sides, and the outages. */
export function reportOf(
  speeds: Readonly<Record<string, readonly Speed[]>>,
  outages: readonly (Scenario & Outage)[],
  counts: { readonly orders: number; readonly atOnce: number },
): Report {
  const sides = Object.entries(speeds).map(([where, runs]) => ({
    where: where as keyof typeof names,
    perSecond: spreadOf(runs.map(({ perSecond }) => perSecond)),
    p50: spreadOf(runs.map(({ p50 }) => p50)),
    p99: spreadOf(runs.map(({ p99 }) => p99)),
  }));
  return {
    settings: { ...counts, 'seconds of an outage': outage.seconds, 'an order every (ms)': outage.placeEvery },
    figures: { speed: Object.fromEntries(sides.map(({ where, ...spread }) => [where, spread])), outages },
    tables: [
      {
        title: 'Speed',
        columns: ['payment works in', 'orders/s', 'finished p50 ms', 'finished p99 ms'],
        rows: sides.map(({ where, perSecond, p50, p99 }) => [
          names[where],
          shown(perSecond, 1),
          shown(p50),
          shown(p99),
        ]),
      },
      {
        title: `While a database is away for ${outage.seconds} s`,
        columns: [
          'payment works in',
          'away is',
          'order ids given',
          'cards charged',
          'stock taken',
          'completed',
          'placed in all',
          'completed in the end',
          'seconds from its return to the last end',
        ],
        rows: outages.map((one) => [
          names[one.payment],
          names[one.away],
          one.orderIds,
          one.charges,
          one.stockTaken,
          one.completed,
          one.placed,
          one.completedAtLast,
          one.secondsToTheEnd.toFixed(0),
        ]),
      },
    ],
    charts: [
      {
        name: 'outage',
        title: `Done while a database is away for ${outage.seconds} s`,
        kind: 'bars',
        xLabel: 'payment works in · away is',
        yLabel: 'orders',
        series: (
          [
            ['order ids given', 'orderIds'],
            ['cards charged', 'charges'],
            ['stock taken', 'stockTaken'],
          ] as const
        ).map(([name, what]) => ({
          name,
          points: outages.map((one) => ({ x: `${names[one.payment]} · ${names[one.away]}`, y: one[what] })),
        })),
      },
    ],
    notes: [
      'Payment with a database of its own is a quantum only as far as its data goes: its commands still come from the one mediator, by way of Temporal, which is common to all. When the database of the shop is away no order begins, with one quantum or two.',
      'An outage is a database that ends and refuses every connection; the server, Temporal and NATS stay. It was made once for each row, so these are counts of one run, not medians.',
      'Both databases are on one machine here: that a second server has its own disk and memory, which is what somebody would do it for, is not measured.',
    ],
  };
}
