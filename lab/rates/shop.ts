import { launchWorker } from '../../test/support/rig/worker.ts';
import { cpuBetween, cpuOf, totalOf } from '../kit/processes.ts';
import type { LabShop } from '../open-shop.ts';

export type { LabShop } from '../open-shop.ts';

/** What was measured of a worker, and the CPU that its process used meanwhile, in milliseconds. */
export interface Worked<T> {
  readonly value: T;
  readonly cpuMs: number;
}

/** Runs a worker process of the shop while something is measured. */
export async function withWorker<T>(shop: LabShop, name: string, measure: () => Promise<T>): Promise<Worked<T>> {
  const worker = await launchWorker([name], shop.env, shop.folder, shop.build);
  const processes = [{ name, pid: worker.pid }];
  try {
    const before = cpuOf(processes);
    const value = await measure();
    return { value, cpuMs: totalOf(cpuBetween(before, cpuOf(processes))) };
  } finally {
    await worker.stop();
  }
}
