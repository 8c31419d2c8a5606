import { allDone } from '../kit/all-done.ts';
import { cpuBetween, cpuOf, type CountedProcess, type CpuByName } from '../kit/processes.ts';
import { quantile } from '../kit/spread.ts';
import type { Side } from './sides.ts';

/** What a run needs of the shop. */
export interface Bench {
  readonly processes: readonly CountedProcess[];
  /** Resolves with the outcome of a workflow when it has ended. */
  result(workflowId: string): Promise<unknown>;
  /** Resolves when nothing of the orders is under way: every fact is published, and every listener has it. */
  settle(): Promise<void>;
}

/** The orders of one run. */
export const counts = { oneAtATime: 40, atOnce: 100 };

/** What one run of a side found. Times are milliseconds. */
export interface Run {
  /** To the order id, or to the end of the first activity; one order at a time. */
  readonly placed: Latency;
  /** To the end, while the client waited for the order id; one order at a time. */
  readonly finished: Latency;
  /** To the end, of a queued order; one order at a time. */
  readonly queuedFinished: Latency;
  readonly waited: Burst;
  readonly queued: Burst;
}

export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** Many orders at once. */
export interface Burst {
  readonly perSecond: number;
  /** CPU per order of each process, until all has settled. */
  readonly cpu: CpuByName;
}

/** Runs a side once. */
export async function runOf(side: Side, bench: Bench): Promise<Run> {
  const alone = await oneAtATime(() => side.place(), bench, side.firstDoneMs?.bind(side));
  const queued = await oneAtATime(() => side.queue(), bench);
  await bench.settle();
  return {
    placed: latencyOf(alone.placed),
    finished: latencyOf(alone.finished),
    queuedFinished: latencyOf(queued.finished),
    waited: await burst(() => side.place(), bench),
    queued: await burst(() => side.queue(), bench),
  };
}

type Start = () => Promise<string>;

async function oneAtATime(start: Start, { result }: Bench, firstDoneMs?: Side['firstDoneMs']) {
  const orders: { placed: number; finished: number; workflowId: string; startedAt: number }[] = [];
  for (let i = 0; i < counts.oneAtATime; i += 1) {
    const begun = performance.now();
    const workflowId = await start();
    const placed = performance.now() - begun;
    await result(workflowId);
    const finished = performance.now() - begun;
    orders.push({ placed, finished, workflowId, startedAt: performance.timeOrigin + begun });
  }
  const placed = await allDone(
    orders.map(async (order) => (firstDoneMs ? firstDoneMs(order.workflowId, order.startedAt) : order.placed)),
  );
  return { placed, finished: orders.map(({ finished }) => finished) };
}

const latencyOf = (times: readonly number[]): Latency => ({ p50: quantile(times, 0.5), p99: quantile(times, 0.99) });

/** Begins when nothing is under way. The orders per second do not count what happens after the last order's end. */
async function burst(start: Start, { processes, result, settle }: Bench): Promise<Burst> {
  const before = cpuOf(processes);
  const begun = performance.now();
  await allDone(Array.from({ length: counts.atOnce }, async () => result(await start())));
  const seconds = (performance.now() - begun) / 1_000;
  await settle();
  const used = Object.entries(cpuBetween(before, cpuOf(processes)));
  const cpu = Object.fromEntries(used.map(([name, cpuMs]) => [name, cpuMs / counts.atOnce]));
  return { perSecond: counts.atOnce / seconds, cpu };
}
