import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { loadConfig } from '../../../config/config.ts';
import { temporalAddress } from '../../../config/temporal.ts';
import { processorNames } from '../../../contracts/command-routes.ts';
import { bareQueues, type BareRole } from './bare-workflow.ts';

/*
 * A process of the bare workflow's workers, as the shop has one for its mediator and one for its processors: started
 * with `mediator` or `processors`, it runs until SIGTERM. Its options are those of the SDK.
 */

const parts: Readonly<Record<BareRole, () => readonly Omit<WorkerOptions, 'connection' | 'namespace'>[]>> = {
  mediator: () => [
    { taskQueue: bareQueues.mediator, workflowBundle: { codePath: process.env['BARE_BUNDLE'] ?? '' }, ...more() },
  ],
  processors: () =>
    processorNames.map((name) => ({
      taskQueue: bareQueues.processor(name),
      activities: { nothing: async () => undefined },
      ...more(),
    })),
};

/** Options of the worker that a measurement varies. */
const more = (): object => JSON.parse(process.env['BARE_WORKER_OPTIONS'] ?? '{}') as object;

async function main(role: BareRole): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: [] });
  const told = new Promise<void>((resolve) => process.once('SIGTERM', () => resolve()));
  const { connectionOptions, namespace } = temporalAddress(process.env, loadConfig(process.env).stack);
  const connection = await NativeConnection.connect(connectionOptions);
  const starting = parts[role]().map((options) => Worker.create({ ...options, connection, namespace }));
  const workers = await Promise.all(starting);
  const ended = Promise.all(workers.map((worker) => worker.run()));
  process.send?.('ready');
  await Promise.race([told, ended]);
  for (const worker of workers) worker.shutdown();
  await ended;
  await connection.close();
}

await main(process.argv[2] === 'mediator' ? 'mediator' : 'processors');
process.exit();
