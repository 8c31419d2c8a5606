import type { ActivityContext } from '../../activities/kit/activity-context.ts';
import type { Log } from '../../broker-bridge/component.ts';
import { connectBroker } from '../../broker-bridge/nats/connect.ts';
import { ensureFactStream } from '../../broker-bridge/nats/our-streams.ts';
import { loadConfig, type Config } from '../../config/config.ts';
import { processorNames, type ProcessorName } from '../../contracts/command-routes.ts';
import { openDatabase, type Database } from '../../prisma/database.ts';
import { assemblies } from '../../workers/processors.ts';
import { encodeLabMessage, labStream } from './messages.ts';
import { startProcessor } from './processor.ts';
import { reactionsOf, type ProcessorOf } from './reactions.ts';

/*
 * `lab/broker-topology/main.js NAME…` of a build: runs these processors of the broker topology until SIGTERM. It never
 * connects to Temporal.
 */

const log: Log = { debug: () => {}, info: () => {}, warn: console.error, error: console.error };

const names = process.argv.slice(2).map((given) => {
  const name = processorNames.find((known) => known === given);
  if (!name) throw new Error(`There is no processor ${given}; there are ${processorNames.join(', ')}.`);
  return name;
});

/** An attempt outside Temporal: its number is not known, and no sign of life is awaited. */
const attempt = (): ActivityContext => ({
  attempt: 1,
  log: { info: () => {}, warn: (message, about) => log.warn(about ?? {}, message) },
  cancellation: new AbortController().signal,
  heartbeat: () => {},
});

interface Assembled<Processor> {
  readonly processor: Processor;
  readonly release?: () => Promise<void> | void;
}

type Assemble<Processor> = (
  database: Database,
  config: Config,
  activity: () => ActivityContext,
) => Assembled<Processor>;

const assemble: { readonly [Name in ProcessorName]: Assemble<ProcessorOf[Name]> } = assemblies;

const toldToStop = new Promise<void>((resolve) => process.once('SIGTERM', () => resolve()));
const config = loadConfig(process.env);
const database = openDatabase(config.database.DATABASE_URL, { poolSize: 20 });
const broker = await connectBroker({ url: config.nats.NATS_URL, name: 'broker-topology', log });
await Promise.all([ensureFactStream(broker), broker.ensureStream(labStream)]);

function start<Name extends ProcessorName>(name: Name, assembleIt: Assemble<ProcessorOf[Name]>) {
  const { processor, release } = assembleIt(database, config, attempt);
  const reactions = reactionsOf[name](processor, (placed) =>
    broker.publish(encodeLabMessage('order-placed', placed.orderId, placed)),
  );
  const running = startProcessor({ name, reactions, database, broker, log });
  return async () => {
    await running.stop();
    await release?.();
  };
}

const stops = names.map((name) => start(name, assemble[name]));
process.send?.('ready');
await toldToStop;
await Promise.all(stops.map((stop) => stop()));
await broker.close();
await database.close();
process.exit(0);
