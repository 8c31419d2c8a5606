import type { Report } from '../kit/report.ts';
import { pointOf, shown, spreadOf } from '../kit/spread.ts';

/** Bidders at once, and the bids of each. */
export const settings = { bidders: 100, bidsEach: 20 } as const;

/** One run of one side. Times are milliseconds. */
export interface Ran {
  /** Bids a second until every bidder had its answer. */
  readonly perSecond: number;
  /** Bids a second until every bid was booked. */
  readonly bookedPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** From the last answer until every bid was booked. */
  readonly behindMs: number;
  readonly bids: number;
  /** Answered bids that are not in the table. */
  readonly lost: number;
}

/** The report of all runs, by side. A run that lost a bid has failed the measurement before. */
export function reportOf(measured: Readonly<Record<string, readonly Ran[]>>): Report {
  const of = (runs: readonly Ran[], what: keyof Ran) => spreadOf(runs.map((run) => run[what]));
  const sides = Object.entries(measured).map(([side, runs]) => ({
    side,
    perSecond: of(runs, 'perSecond'),
    bookedPerSecond: of(runs, 'bookedPerSecond'),
    p50: of(runs, 'p50'),
    p99: of(runs, 'p99'),
    behindMs: of(runs, 'behindMs'),
    bids: runs.reduce((sum, run) => sum + run.bids, 0),
    lost: runs.reduce((sum, run) => sum + run.lost, 0),
  }));
  return {
    settings: { ...settings, 'JetStream sync_interval': 'always', 'PostgreSQL fsync': 'on' },
    figures: { sides },
    tables: [
      {
        title: `${settings.bidders} bidders at once: median of the runs (least to most)`,
        columns: ['bids as', 'answers/s', 'booked/s', 'bidder p50 ms', 'bidder p99 ms', 'behind ms', 'bids', 'lost'],
        rows: sides.map(({ side, perSecond, bookedPerSecond, p50, p99, behindMs, bids, lost }) => [
          side,
          shown(perSecond),
          shown(bookedPerSecond),
          shown(p50, 1),
          shown(p99, 1),
          shown(behindMs),
          bids,
          lost,
        ]),
      },
    ],
    charts: [
      {
        name: 'bidder',
        title: 'How long a bidder waits, p99 of 100 bidders at once',
        kind: 'bars',
        xLabel: 'bids as',
        yLabel: 'ms',
        series: [
          {
            name: 'p99',
            points: sides.map(({ side, p99 }) => pointOf(side, p99)),
          },
        ],
      },
    ],
    notes: [
      'Every run ends with a count: all bids that were answered are in the table, once, and the highest has won. A run that misses one fails the measurement.',
      'A bid as an event is answered when it is on disk in the queue; who leads is known a moment later (“behind” is from the last answer until the last booking). A bid as a request waits for the lock of its auction and is answered “accepted” or “outbid”.',
      'One consumer books what has come in one transaction, so that one sync of the database keeps many bids; under a lock each bid is a transaction of its own, one after the other.',
      'A killed consumer is not seen by bidders: their bids wait in the queue. With a killed server every bidder waits, and sends the same bid again, until the server is back; a bid has an id, so that it counts once.',
    ],
  };
}
