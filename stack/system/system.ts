import { prepareBroker, rightsOf } from '../../broker-bridge/facts/listener-consumers.ts';
import type { Listener } from '../../broker-bridge/facts/listener.ts';
import { connectBroker } from '../../broker-bridge/nats/connect.ts';
import { loadConfig, type ProvidedAddress, type StackPorts } from '../../config/config.ts';
import { natsAccess } from '../../config/nats.ts';
import { loadListeners } from '../../listeners/load-listener.ts';
import { prepareDatabase } from '../../broker-bridge/facts/prepare-database.ts';
import { migrate } from '../../prisma/migrate.ts';
import { prepareLogins } from '../../prisma/roles/prepare-logins.ts';
import { seed } from '../../prisma/seed/seed.ts';
import { allOf, openProcessGroup, type ProcessGroup } from './process-group.ts';
import { openHandOut, type HandOut } from './hand-out.ts';
import { serversOf, requireFreePorts, addressesOf, type Addresses } from './servers.ts';
import { workersOf, dashboardOf } from './own-processes.ts';
import { acquireFolder } from './lock-file.ts';

export type { ProcessEntry } from './process-group.ts';

export interface SystemOptions {
  /** Holds all state; `.stack` of the checkout as a rule. */
  readonly folder: string;
  readonly ports: StackPorts;
  /** Addresses that the environment gives: their servers are not started. */
  readonly provided: ReadonlySet<ProvidedAddress>;
  /** Called with each line about the system's progress. */
  readonly log: (line: string) => void;
  /** The source of the provided addresses, and the environment of the workers; this process's by default. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** The system while it runs: servers and workers, each started again when it dies. */
export type System = Awaited<ReturnType<typeof startSystem>>;

/**
 * Starts the servers that the environment does not provide, migrates and seeds, then starts the workers. When one
 * cannot start, all are stopped again.
 */
export async function startSystem(options: SystemOptions) {
  const { folder, log, environment = process.env } = options;
  const listeners = await loadListeners();
  await acquireFolder(folder, log);
  const group = openProcessGroup(folder, log);
  try {
    const addresses = addressesOf(options.ports, environment);
    const handOut = openHandOut({
      ...options,
      listeners: listeners.map(rightsOf),
      environment: { ...environment, ...addresses },
    });
    await startParts(group, { ...options, addresses, handOut, listeners });
    return {
      /** Names of what was started. */
      parts: group.processes().map(({ name }) => name),
      addresses,
      /** The variables that the client needs to use the system. */
      clientEnvironment: handOut.environmentOf('client'),
      /** The processes that run now; also in `processes.json` of the folder. */
      processes: group.processes,
      /** Resolves when a part keeps dying: then the system should be stopped. Never resolves otherwise. */
      failed: group.failed,
      /** Ends everything in order: workers, servers, the database last. Safe to call again. */
      stop: group.stop,
    };
  } catch (error) {
    await group.stop();
    throw error;
  }
}

interface Parts extends SystemOptions {
  readonly addresses: Addresses;
  readonly handOut: HandOut;
  readonly listeners: readonly Listener[];
}

async function startParts(group: ProcessGroup, parts: Parts): Promise<void> {
  const { folder, ports, provided, handOut, listeners } = parts;
  const servers = serversOf(folder, ports, handOut).filter(({ providedBy }) => !provided.has(providedBy));
  await requireFreePorts(ports, [...servers, { name: 'dashboard', listens: ['dashboard'] }]);
  // The first group is ended last.
  const database = group.start(servers.filter(({ name }) => name === 'postgres'));
  const others = group.start(servers.filter(({ name }) => name !== 'postgres'));
  await allOf([
    database.then(() => prepare(parts)),
    others.then(() => (provided.has('NATS_URL') ? undefined : prepareStreams(handOut, listeners))),
  ]);
  handOut.write();
  const { environmentOf } = handOut;
  const desk = dashboardOf(folder, ports, provided, environmentOf('dashboard'));
  await group.start([...workersOf(folder, environmentOf), desk]);
}

/** Makes the streams of the system's own NATS, which no other process may. */
async function prepareStreams({ environmentOf }: HandOut, listeners: readonly Listener[]): Promise<void> {
  const name = 'administrator';
  const env = environmentOf(name);
  const broker = await connectBroker({ ...natsAccess(loadConfig(env).nats, name), name, log: silent });
  try {
    await prepareBroker(broker, listeners);
  } finally {
    await broker.close();
  }
}

const ignore = (): void => undefined;
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** Brings the database up to date as its owner, and makes the users of one of the system's own. */
async function prepare({ addresses, provided, handOut, listeners, log }: Parts): Promise<void> {
  const { DATABASE_URL: databaseUrl } = addresses;
  const applied = await migrate(databaseUrl);
  await seed(databaseUrl);
  await prepareDatabase(databaseUrl, listeners);
  if (!provided.has('DATABASE_URL')) await prepareLogins(databaseUrl, handOut.databaseLogins);
  log(applied.length > 0 ? `database: migrated (${applied.join(', ')}) and seeded` : 'database: up to date');
}
