import { join } from 'node:path';
import pg from 'pg';
import type { Broker } from '../../broker-bridge/nats/broker.ts';
import type { ProcessorName } from '../../contracts/command-routes.ts';
import type { PlaceOrder } from '../../contracts/place-order.ts';
import { byNode, launchProcess, type RunningProcess } from '../../stack/launch/process.ts';
import { encodeLabMessage, labStream } from './messages.ts';
import { heardTable } from './processor.ts';
import { orderIdOf } from './reactions.ts';

/** Makes what the topology needs besides the shop's own: its stream, and the table of what was heard. */
export async function prepareTopology(databaseUrl: string, broker: Pick<Broker, 'ensureStream'>): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(heardTable);
  } finally {
    await client.end();
  }
  await broker.ensureStream(labStream);
}

/** Runs these processors in one process of their own, until it is stopped. */
export const launchProcessors = (
  names: readonly ProcessorName[],
  env: NodeJS.ProcessEnv,
  folder: string,
): Promise<RunningProcess> =>
  launchProcess({
    name: `broker topology: ${names.join(' ')}`,
    ...byNode('lab/broker-topology/main.ts', ...names),
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
