import { shown, spreadOf } from '../kit/spread.ts';
import type { Table } from '../kit/report.ts';
import type { Run } from './run.ts';

/** A goal of a side, as a multiple of the bare workflow's value in the same round. */
interface Goal {
  readonly side: string;
  readonly what: string;
  readonly of: (run: Run) => number;
  /** More is better with `atLeast`, less with `atMost`. */
  readonly atLeast?: number;
  readonly atMost?: number;
}

const goals: readonly Goal[] = [
  { side: 'channel', what: 'orders per second', of: ({ waited }) => waited.perSecond, atLeast: 0.65 },
  { side: 'channel', what: 'finished, p50', of: ({ finished }) => finished.p50, atMost: 1.5 },
  { side: 'compact', what: 'orders per second, queued', of: ({ queued }) => queued.perSecond, atLeast: 1.3 },
  { side: 'compact', what: 'finished, queued, p50', of: (run) => run.queuedFinished.p50, atMost: 0.8 },
  { side: 'compact', what: 'orders per second', of: ({ waited }) => waited.perSecond, atLeast: 1 },
  { side: 'compact', what: 'order id, p99', of: ({ placed }) => placed.p99, atMost: 1.2 },
];

/** The goals of the sides that ran, each with the ratio that was measured. */
export function goalTable(results: Readonly<Record<string, readonly Run[]>>): Table {
  const rows = goals.flatMap((goal) => {
    const ratios = ratiosOf(goal, results);
    if (ratios.length === 0) return [];
    const { atLeast, atMost } = goal;
    const ratio = spreadOf(ratios);
    const isMet = ratio.median >= (atLeast ?? 0) && ratio.median <= (atMost ?? Infinity);
    const wanted = atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`;
    return [[goal.side, goal.what, wanted, shown(ratio, 2), isMet ? 'met' : 'missed']];
  });
  const columns = ['side', 'beside bare', 'goal', 'median (min to max)', ''];
  return { title: 'Ratios to the bare workflow of the same round', columns, rows };
}

const ratiosOf = ({ side, of }: Goal, results: Readonly<Record<string, readonly Run[]>>): readonly number[] =>
  (results[side] ?? []).flatMap((run, round) => {
    const bare = results['bare']?.[round];
    return bare ? [of(run) / of(bare)] : [];
  });
