import type { Chart, Report } from '../kit/report.ts';
import { pointOf, quantile, shown, spreadOf } from '../kit/spread.ts';

/** The chapter's numbers: 50 ms of network each way, 3,000 ms of parsing engines. */
export const settings = { users: 100, forbidden: 10, networkMs: 50, parsingMs: 3_000 } as const;

/** One run of one way, in milliseconds. */
export interface Ran {
  readonly serviceMs: readonly number[];
  readonly userMs: readonly number[];
  /** From the press of the button until the author of a refused comment knew. */
  readonly toldMs: readonly number[];
  readonly posted: number;
}

type Measured = Readonly<Record<string, readonly Ran[]>>;

const named: Readonly<Record<string, string>> = {
  waiting: 'waiting for the answer',
  parallel: 'waiting, engines in parallel',
  asynchronous: 'asynchronous, on disk before the answer, in groups',
  'one-by-one': 'asynchronous, on disk before the answer, one by one',
  'early-return': 'early return of a workflow',
};

const over = (runs: readonly Ran[], of: 'serviceMs' | 'userMs' | 'toldMs', share: number) =>
  spreadOf(runs.map((run) => quantile(run[of], share)));

const waysOf = (measured: Measured) =>
  Object.entries(measured).map(([way, runs]) => ({
    way,
    name: named[way] ?? way,
    serviceP50: over(runs, 'serviceMs', 0.5),
    serviceP99: over(runs, 'serviceMs', 0.99),
    userP50: over(runs, 'userMs', 0.5),
    userP99: over(runs, 'userMs', 0.99),
    toldP50: over(runs, 'toldMs', 0.5),
    toldLast: over(runs, 'toldMs', 1),
    posted: runs.reduce((sum, { posted }) => sum + posted, 0),
    told: runs.reduce((sum, { toldMs }) => sum + toldMs.length, 0),
    comments: runs.length * settings.users,
    refused: runs.length * settings.forbidden,
  }));

/** The report of all runs, by way. */
export function reportOf(measured: Measured): Report {
  const ways = waysOf(measured);
  return {
    settings: { ...settings, engines: 3, 'JetStream sync_interval': 'always' },
    figures: { ways: Object.fromEntries(ways.map((figures) => [figures.way, figures])) },
    tables: [
      {
        title: `${settings.users} users comment at once: milliseconds until the answer, median of the runs (least to most)`,
        columns: ['way', 'service p50', 'service p99', 'user p50', 'user p99'],
        rows: ways.map(({ name, serviceP50, serviceP99, userP50, userP99 }) => [
          name,
          ...[serviceP50, serviceP99, userP50, userP99].map((spread) => shown(spread, 1)),
        ]),
      },
      {
        title: 'Comments with a forbidden word: milliseconds until their author knows',
        columns: ['way', 'told by', 'p50', 'last', 'comments', 'posted', 'refused', 'authors told'],
        rows: ways.map(({ way, name, toldP50, toldLast, comments, posted, refused, told }) => [
          name,
          way === 'waiting' || way === 'parallel' ? 'the answer' : 'a mail',
          shown(toldP50),
          shown(toldLast),
          comments,
          posted,
          refused,
          told,
        ]),
      },
    ],
    charts: [chartOf(ways)],
    notes,
  };
}

const chartOf = (ways: ReturnType<typeof waysOf>): Chart => ({
  name: 'answers',
  title: 'How long a user waits for the answer, p99 of 100 users at once',
  kind: 'bars',
  xLabel: 'way',
  yLabel: 'ms',
  series: (['serviceP99', 'userP99'] as const).map((what) => ({
    name: what === 'serviceP99' ? 'the service alone' : 'with 50 ms of network each way',
    points: ways.map((way) => pointOf(way.name, way[what])),
  })),
});

const notes = [
  '“Service” is from the arrival of a request at the front to the answer, over loopback; “user” has the simulated network of 50 ms each way, which is the same for all ways.',
  'Engines in parallel make the service faster (performance); they do not make it answer before the work is done (responsiveness). An asynchronous answer and an early return do, and the work takes as long as before.',
  'An asynchronous answer says that the comment is kept (JetStream has it on disk), not that it will be posted: a comment with a forbidden word comes back to its author by mail, through a workflow, instead of vanishing.',
  'The disk is what an asynchronous answer waits for: each message is synced before it is acknowledged. “In groups” writes the comments that come while a write is under way as one message, so that one sync keeps them all; “one by one” syncs for each.',
  'The engines are waits of a second each, as engines on machines of their own are to the service; they use none of this machine’s processors.',
  'An early return starts a workflow for each comment, which costs the Temporal server more than a message costs NATS: with all users at once the last ones wait for the first. It brings the steps, retries and history of a workflow for that.',
];
