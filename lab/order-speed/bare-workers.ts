import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { TemporalAddress } from '../../config/temporal.ts';
import { processorNames } from '../../contracts/command-routes.ts';

/**
 * Starts one workflow worker and seven activity workers for the bare workflow; returns the function that stops them.
 */
export async function startBareWorkers({
  connectionOptions,
  namespace,
}: TemporalAddress): Promise<() => Promise<void>> {
  const connection = await NativeConnection.connect(connectionOptions);
  const workflowsPath = fileURLToPath(new URL('./bare-workflow.ts', import.meta.url));
  const mediator = await Worker.create({ connection, namespace, taskQueue: 'bare-mediator', workflowsPath });
  const processors = await Promise.all(
    processorNames.map((name) =>
      Worker.create({
        connection,
        namespace,
        taskQueue: `bare-${name}`,
        activities: { nothing: async () => undefined },
      }),
    ),
  );
  const workers = [mediator, ...processors];
  const ended = Promise.all(workers.map((worker) => worker.run()));
  return async () => {
    for (const worker of workers) worker.shutdown();
    await ended;
    await connection.close();
  };
}
