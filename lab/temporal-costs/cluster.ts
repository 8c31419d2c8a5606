import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { acceptsConnections, freePort } from '../../stack/launch/ports.ts';
import { launchPostgres } from '../../stack/launch/postgres.ts';
import { launchProcess, runToEnd, type Launched } from '../../stack/launch/process.ts';
import { endAll, type Ending } from '../../test/support/rig/end-all.ts';
import { until } from '../../test/support/until.ts';
import type { ClusterBinaries } from './cluster-binaries.ts';
import { clusterConfig, type ClusterPorts } from './cluster-config.ts';
import type { Server } from './server.ts';

export interface ClusterOptions {
  readonly binaries: ClusterBinaries;
  /** The history shards: fixed for ever when a cluster is made. */
  readonly shards: number;
  /** Dynamic configuration, as `name=value`. */
  readonly settings: readonly string[];
}

/** Starts Temporal's own server, its four services in one process, on a PostgreSQL of its own. */
export async function startCluster(folder: string, options: ClusterOptions): Promise<Server> {
  const endings: Ending[] = [];
  try {
    const postgres = await launchPostgres({ folder: join(folder, 'postgres') });
    endings.unshift(postgres.stop);
    await makeSchemas(folder, options.binaries, postgres);
    const ports = await clusterPorts();
    const server = await startServer(folder, options, postgres, ports);
    endings.unshift(server.stop);
    const address = `127.0.0.1:${ports.frontend.grpc}`;
    await makeNamespace(address);
    const processes = [
      { name: 'temporal', pid: server.pid },
      { name: 'temporal', pid: postgres.pid },
    ];
    return { address, processes, stop: () => endAll(endings) };
  } catch (error) {
    await endAll(endings);
    throw error;
  }
}

async function makeSchemas(folder: string, { sqlTool }: ClusterBinaries, { url }: Launched): Promise<void> {
  const { port, username, password } = new URL(url);
  const tool = (database: string, ...args: readonly string[]) => {
    const at = ['--plugin', 'postgres12', '--ep', '127.0.0.1', '-p', port, '-u', username, '--pw', password];
    return runToEnd('temporal-sql-tool', { command: sqlTool, args: [...at, '--db', database, ...args] }, folder);
  };
  const schemas = { temporal: 'postgresql/v12/temporal', temporal_visibility: 'postgresql/v12/visibility' };
  for (const [database, schema] of Object.entries(schemas)) {
    await tool(database, 'create');
    await tool(database, 'setup-schema', '-v', '0.0');
    await tool(database, 'update-schema', '--schema-name', schema);
  }
}

async function clusterPorts(): Promise<ClusterPorts> {
  return {
    frontend: await twoPorts(),
    history: await twoPorts(),
    matching: await twoPorts(),
    worker: await twoPorts(),
  };
}

const twoPorts = async () => ({ grpc: await freePort(), membership: await freePort() });

function startServer(
  folder: string,
  { binaries, shards, settings }: ClusterOptions,
  { url }: Launched,
  ports: ClusterPorts,
) {
  mkdirSync(folder, { recursive: true });
  const dynamicConfig = join(folder, 'dynamic-config.yaml');
  const config = join(folder, 'config.yaml');
  const values = settings.map((setting) => setting.split('=') as [string, string]);
  writeFileSync(dynamicConfig, values.map(([name, value]) => `${name}:\n  - value: ${value}\n`).join(''));
  // YAML has JSON in it.
  writeFileSync(
    config,
    JSON.stringify(clusterConfig({ postgresUrl: url, shards, ports, dynamicConfig }), undefined, 2),
  );
  return launchProcess({
    name: 'temporal-server',
    command: binaries.server,
    args: ['--allow-no-auth', '--config-file', config, 'start'],
    cwd: folder,
    env: { ...process.env, GOGC: '800' },
    logFile: join(folder, 'temporal.log'),
    isReady: () => acceptsConnections(ports.frontend.grpc),
    readyWithin: 60_000,
    stopWithin: 30_000,
  });
}

/** A new namespace is known to every service some seconds later. */
async function makeNamespace(address: string): Promise<void> {
  const patience = { within: 60_000, what: 'the namespace of the cluster' };
  const connection = await until(() => Connection.connect({ address }), patience);
  const namespace = 'default';
  try {
    const { workflowService } = connection;
    const workflowExecutionRetentionPeriod = msToTs('1 day');
    await until(async () => {
      await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
      return true;
    }, patience);
    await until(() => workflowService.countWorkflowExecutions({ namespace }), patience);
  } finally {
    await connection.close();
  }
}
