import { rm } from 'node:fs/promises';
import { Client, Connection } from '@temporalio/client';
import { endAll, type Ending } from '../../test/support/rig/end-all.ts';
import { allDone } from '../kit/all-done.ts';
import { startBare, startBareWorkers } from '../kit/bare/bare.ts';
import { millisecondsOf } from '../kit/in-turns.ts';
import { cpuBetween, cpuOf, totalOf, type CountedProcess } from '../kit/processes.ts';
import { quantile } from '../kit/spread.ts';
import type { Variant } from './variants.ts';

/** The workflows of one run: the first warm up. */
export const counts = { first: 20, oneAtATime: 15, atOnce: 50, all: 150 };

/** What one run of a variant found. */
export interface Run {
  readonly perSecond: number;
  /** One at a time, to the end, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds of CPU per workflow. */
  readonly serverMs: number;
  readonly workersMs: number;
}

/** Starts the server and workers of the variant for this run alone. */
export async function runOf({ start, workerOptions }: Variant, folder: string): Promise<Run> {
  const endings: Ending[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const server = await start(folder);
    endings.unshift(server.stop);
    const connection = await Connection.connect({ address: server.address });
    endings.unshift(() => connection.close());
    const env = { ...process.env, TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: 'default' };
    const workers = await startBareWorkers(env, folder, workerOptions);
    endings.unshift(workers.stop);
    return await measured(new Client({ connection }), server.processes, workers.processes);
  } finally {
    await endAll(endings);
  }
}

async function measured(
  client: Client,
  server: readonly CountedProcess[],
  workers: readonly CountedProcess[],
): Promise<Run> {
  const one = async () => client.workflow.getHandle(await startBare(client)).result();
  await allDone(Array.from({ length: counts.first }, one));
  const times: number[] = [];
  for (let i = 0; i < counts.oneAtATime; i += 1) times.push(await millisecondsOf(one));
  const before = { server: cpuOf(server), workers: cpuOf(workers) };
  const took = await millisecondsOf(() => many(one));
  const each = (now: typeof before.server, then: typeof before.server) => totalOf(cpuBetween(then, now)) / counts.all;
  return {
    perSecond: (counts.all * 1_000) / took,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    serverMs: each(cpuOf(server), before.server),
    workersMs: each(cpuOf(workers), before.workers),
  };
}

/** So many are under way all the time, until the last begin. */
async function many(one: () => Promise<unknown>): Promise<void> {
  let left = counts.all;
  const next = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await one();
    }
  };
  await allDone(Array.from({ length: counts.atOnce }, next));
}
