import type { Rig } from '../../support/rig.ts';
import { launchWorker, type WorkerProcess } from '../../support/rig/worker.ts';

/** A worker's connections to the mail server: a mail that hangs keeps one, and the worker should not take more than it can send. */
const mailSlots = { WORKER_ACTIVITY_SLOTS: '4' };

/** Every processor, two to a process at most, so that statements that hang leave connections for the rest. */
const processes = [
  { names: ['order-placement', 'payment'], env: {} },
  { names: ['inventory', 'order-fulfillment'], env: {} },
  { names: ['warehouse', 'shipping'], env: {} },
  { names: ['notification'], env: mailSlots },
  { names: ['notification'], env: mailSlots },
  { names: ['notification'], env: mailSlots },
] as const;

/** The processors' workers. */
export interface Crew {
  /** All of them, by SIGKILL. */
  kill(): Promise<void>;
}

/** Starts every worker; the rig ends those that were not killed. */
export async function startCrew(rig: Rig): Promise<Crew> {
  const workers = await Promise.all(processes.map(({ names, env }) => startWorker(rig, names, env)));
  return {
    async kill() {
      await Promise.all(workers.map((worker) => worker.kill()));
    },
  };
}

async function startWorker(rig: Rig, names: readonly string[], env: NodeJS.ProcessEnv): Promise<WorkerProcess> {
  const worker = await launchWorker(names, { ...rig.env, ...env }, rig.folder);
  rig.onClose(async () => {
    worker.check();
    await worker.stop();
  });
  return worker;
}
