import type { ProvidedAddress, StackPorts } from '../../config/config.ts';
import { migrate } from '../../prisma/migrate.ts';
import { seed } from '../../prisma/seed/seed.ts';
import { allOf, openProcessGroup } from './process-group.ts';
import { serversOf, requireFreePorts, addressesOf } from './servers.ts';
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
  const { folder, ports, provided, log, environment = process.env } = options;
  const addresses = addressesOf(ports, environment);
  const servers = serversOf(folder, ports).filter(({ providedBy }) => !provided.has(providedBy));
  await acquireFolder(folder, log);
  const group = openProcessGroup(folder, log);
  try {
    await requireFreePorts(ports, [...servers, { name: 'dashboard', listens: ['dashboard'] }]);
    // The first group is ended last.
    const database = group.start(servers.filter(({ name }) => name === 'postgres'));
    const others = group.start(servers.filter(({ name }) => name !== 'postgres'));
    await allOf([database.then(() => prepare(addresses.DATABASE_URL, log)), others]);
    const env = { ...environment, ...addresses };
    await group.start([...workersOf(folder, env), dashboardOf(folder, ports, provided, env)]);
  } catch (error) {
    await group.stop();
    throw error;
  }
  return {
    /** Names of what was started. */
    parts: group.processes().map(({ name }) => name),
    addresses,
    /** The processes that run now; also in `processes.json` of the folder. */
    processes: group.processes,
    /** Resolves when a part keeps dying: then the system should be stopped. Never resolves otherwise. */
    failed: group.failed,
    /** Ends everything in order: workers, servers, the database last. Safe to call again. */
    stop: group.stop,
  };
}

async function prepare(databaseUrl: string, log: (line: string) => void): Promise<void> {
  const applied = await migrate(databaseUrl);
  await seed(databaseUrl);
  log(applied.length > 0 ? `database: migrated (${applied.join(', ')}) and seeded` : 'database: up to date');
}
