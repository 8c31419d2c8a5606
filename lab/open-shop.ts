import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import type { Broker } from '../broker-bridge/nats/broker.ts';
import type { Log } from '../broker-bridge/component.ts';
import { connectBroker } from '../broker-bridge/nats/connect.ts';
import { openDatabase, type Database } from '../prisma/database.ts';
import { migrate } from '../prisma/migrate.ts';
import { seed } from '../prisma/seed/seed.ts';
import { launchPostgres } from '../stack/launch/postgres.ts';
import { keptBuild } from '../test/support/kept-build.ts';
import { endAll, type Ending } from '../test/support/rig/end-all.ts';
import { environmentOf } from '../test/support/rig/environment.ts';
import { openServers, type RigServers } from '../test/support/rig/servers.ts';
import { launchWorker } from '../test/support/rig/worker.ts';
import type { CountedProcess } from './kit/processes.ts';

/** The whole system on free ports and in a folder of its own, for one measurement. */
export interface LabShop {
  /** The environment that leads to it. */
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
  /** The folder of the built code. */
  readonly build: string;
  readonly servers: RigServers;
  readonly sql: pg.Pool;
  readonly database: Database;
  readonly broker: Broker;
  readonly client: Client;
  /** Its servers and workers, by name. */
  readonly processes: readonly CountedProcess[];
  /** Registers an ending that runs before those of the parts it may need; the newest runs first. */
  onClose(end: Ending): void;
}

/** Only the bridge's warnings and errors are printed, to stderr. */
export const labLog: Log = { debug: () => {}, info: () => {}, warn: console.error, error: console.error };

export interface LabShopOptions {
  /** Settings of PostgreSQL, as `name=value`. */
  readonly postgresSettings?: readonly string[];
}

/** When the shop cannot be opened, its parts are closed. */
async function openLabShop(workers: readonly (readonly string[])[], options: LabShopOptions) {
  const folder = await mkdtemp(join(tmpdir(), 'lab-'));
  const endings: Ending[] = [() => rm(folder, { recursive: true, force: true })];
  const close = () => endAll(endings);
  const onClose = (end: Ending) => void endings.unshift(end);
  try {
    const shop: LabShop = { ...(await openParts({ folder, workers, ...options }, onClose)), folder, onClose };
    return { shop, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens a shop whose workers are these processes, works with it, and closes it, also after an error. */
export async function withLabShop<Result>(
  workers: readonly (readonly string[])[],
  work: (shop: LabShop) => Promise<Result>,
  options: LabShopOptions = {},
): Promise<Result> {
  const { shop, close } = await openLabShop(workers, options);
  try {
    return await work(shop);
  } finally {
    await close();
  }
}

interface Opening extends LabShopOptions {
  readonly folder: string;
  readonly workers: readonly (readonly string[])[];
}

async function openParts(
  { folder, workers, postgresSettings: settings = [] }: Opening,
  onClose: (end: Ending) => unknown,
) {
  const postgres = await launchPostgres({ folder: join(folder, 'postgres'), maxConnections: 300, settings });
  onClose(postgres.stop);
  const databaseUrl = postgres.url.replace(/\/postgres$/, '/lab');
  await migrate(databaseUrl);
  await seed(databaseUrl);
  const parts = {
    temporal: 'own',
    nats: true,
    cardGateway: true,
    supplier: true,
    carrier: true,
    smtpSink: true,
  } as const;
  const build = await keptBuild();
  const servers = await openServers(parts, folder, onClose, build);
  const temporal = { address: servers.temporalServer?.url ?? '', namespace: 'default' };
  const env: NodeJS.ProcessEnv = {
    ...environmentOf(databaseUrl, temporal, servers),
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
  };
  const started = await Promise.all(workers.map((names) => launchWorker(names, env, folder, build)));
  for (const worker of started) onClose(worker.stop);
  const sql = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  onClose(() => sql.end());
  const database = openDatabase(databaseUrl, { poolSize: 4 });
  onClose(() => database.close());
  const broker = await connectBroker({ url: env['NATS_URL'] ?? '', name: 'lab', log: labLog });
  onClose(() => broker.close());
  const connection = await Connection.connect({ address: temporal.address });
  onClose(() => connection.close());
  const processes = [...processesOf(servers), { name: 'postgres', pid: postgres.pid }];
  for (const [at, { pid }] of started.entries()) processes.push({ name: workers[at]?.join(' ') ?? '', pid });
  return {
    env,
    build,
    processes,
    servers,
    sql,
    database,
    broker,
    client: new Client({ connection, namespace: temporal.namespace }),
  };
}

const processesOf = ({ temporalServer, nats, cardGateway, supplier, carrier, smtpSink }: RigServers) =>
  Object.entries({
    temporal: temporalServer,
    nats,
    'card-gateway': cardGateway,
    supplier,
    carrier,
    'smtp-sink': smtpSink,
  }).flatMap(([name, part]) => (part ? [{ name, pid: part.pid() }] : []));

/** Customers `lab-0` to `lab-<count>`, written straight into the table. */
export async function addCustomers({ sql }: LabShop, count: number): Promise<void> {
  await sql.query(
    `INSERT INTO order_placement.customer (customer_id, name, email)
     SELECT 'lab-' || n, 'Lab Customer ' || n, 'lab-' || n || '@example.com' FROM generate_series(0, $1::int) AS n`,
    [count],
  );
}
