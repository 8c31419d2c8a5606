import { allDone } from '../kit/all-done.ts';
import { inTurns } from '../kit/in-turns.ts';
import { totalOf } from '../kit/processes.ts';
import type { MeasureOptions, Measurement, Report } from '../kit/report.ts';
import { withBench, type OrderBench } from './bench.ts';
import { perOrder } from './per-order.ts';
import { reportOf } from './report.ts';
import { counts, runOf, type Run } from './run.ts';
import { sidesOf, type Side } from './sides.ts';

/** How fast an order is, and what it costs, beside the bare workflow of five steps. */
export const measurement: Measurement = {
  name: 'orders',
  summary: 'orders per second, their times and their CPU, beside the bare workflow of five steps',
  runs: 5,
  measure(options): Promise<Report> {
    options.say('opening a shop');
    return withBench((bench) => measured(bench, options));
  },
};

async function measured(bench: OrderBench, { runs, say }: MeasureOptions): Promise<Report> {
  const sides = sidesOf(bench.shop);
  for (const side of sides) await warm(side, bench);
  const turns = Object.fromEntries(sides.map((side) => [side.name, () => runOf(side, bench)]));
  const results = await inTurns(runs, turns, (side, round, run) => say(`${side}, run ${round}: ${lineOf(run)}`));
  say('counting messages, transactions and statements of each side');
  return reportOf(results, await perOrder(sides, bench));
}

/** The first orders wait for connections, and for code to be compiled. */
async function warm(side: Side, bench: OrderBench): Promise<void> {
  const orders = Array.from({ length: counts.atOnce / 2 }, async () => bench.result(await side.place()));
  await allDone(orders);
  await bench.settle();
}

const lineOf = ({ waited, queued, finished }: Run): string =>
  `${waited.perSecond.toFixed(1)} orders/s, ${queued.perSecond.toFixed(1)} queued, p50 ${finished.p50.toFixed(0)} ms, ` +
  `${totalOf(waited.cpu).toFixed(0)} ms of CPU per order`;
