import { join } from 'node:path';
import pg from 'pg';
import { buildFolder } from '../../build/build.ts';
import type { Broker } from '../../broker-bridge/nats/broker.ts';
import type { ProcessorName } from '../../contracts/command-routes.ts';
import type { PlaceOrder } from '../../contracts/place-order.ts';
import { launchProcess, type RunningProcess } from '../../stack/launch/process.ts';
import { encodeLabMessage, labStream } from './messages.ts';
import { heardTable } from './processor.ts';
import { orderIdOf } from './reactions.ts';

/** The folder, in the sources and in a build. */
const folderOf = 'lab/broker-topology';

/**
 * Makes what the topology needs besides the shop's own: its stream, the table of what was heard, and its code in the
 * build, because what is compared with it runs from the build too.
 */
export async function prepareTopology(
  databaseUrl: string,
  broker: Pick<Broker, 'ensureStream'>,
  build: string,
): Promise<void> {
  await buildFolder(folderOf, build);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(heardTable);
  } finally {
    await client.end();
  }
  await broker.ensureStream(labStream);
}

/** Runs these processors in one process of their own, from a build that is prepared, until it is stopped. */
export const launchProcessors = (
  names: readonly ProcessorName[],
  env: NodeJS.ProcessEnv,
  folder: string,
  build: string,
): Promise<RunningProcess> =>
  launchProcess({
    name: `broker topology: ${names.join(' ')}`,
    command: process.execPath,
    args: [join(build, folderOf, 'main.js'), ...names],
    cwd: build,
    env,
    logFile: join(folder, `broker-topology-${names.join('+')}.log`),
    isReady: 'says-so',
    readyWithin: 60_000,
  });

/**
 * Begins an order: the initiating event is on the broker's disk when this resolves, and that is all that is known then.
 * Resolves with the id that the order will have.
 */
export async function beginOrder(broker: Pick<Broker, 'publish'>, order: PlaceOrder): Promise<string> {
  await broker.publish(encodeLabMessage('place-order', order.requestId, order));
  return orderIdOf(order.requestId);
}
