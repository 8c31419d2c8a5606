import { temporalSettings } from '../../stack/launch/temporal.ts';
import type { ClusterBinaries } from './cluster-binaries.ts';
import { startCluster } from './cluster.ts';
import { startDevServer, type DevServerOptions } from './dev-server.ts';
import type { Server } from './server.ts';

/** One row of the table: a server and its workers' options. */
export interface Variant {
  readonly name: string;
  start(folder: string): Promise<Server>;
  /** Of the workers; those of the SDK by default. */
  readonly workerOptions?: object;
}

/** A write is on disk when it is confirmed. */
const full = ['journal_mode=wal', 'synchronous=full'];
/** A crash of the machine may lose the last writes. */
const normal = ['journal_mode=wal', 'synchronous=normal'];

const oneSetting = (name: string, options: DevServerOptions): Variant => ({
  name,
  start: (folder) => startDevServer(folder, options),
});

/** As `npm start` has it, with one thing changed. */
const asHere = (name: string, change: DevServerOptions = {}, workerOptions?: object): Variant => ({
  ...oneSetting(name, { settings: temporalSettings, pragmas: full, gogc: '800', ...change }),
  ...(workerOptions && { workerOptions }),
});

const partitions = ['matching.numTaskqueueReadPartitions=1', 'matching.numTaskqueueWritePartitions=1'];

const fixed = (maximum: number) => ({ type: 'simple-maximum', maximum });
const bothPollers = (behavior: object) => ({
  workflowTaskPollerBehavior: behavior,
  activityTaskPollerBehavior: behavior,
});

const devServers: readonly Variant[] = [
  oneSetting('dev server, nothing set (in memory)', {}),
  oneSetting('… 500 polls a second', { settings: ['history.transferProcessorMaxPollRPS=500'] }),
  oneSetting('… GOGC=800', { gogc: '800' }),
  oneSetting('… one matching partition', { settings: partitions }),
  asHere('as npm start: 500 polls, one partition, GOGC=800, SQLite full'),
  asHere('… SQLite normal', { pragmas: normal }),
  oneSetting('… SQLite in memory', { settings: temporalSettings, gogc: '800' }),
  asHere('… pollers that scale', {}, bothPollers({ type: 'autoscaling' })),
  asHere('… 2 pollers', {}, bothPollers(fixed(2))),
  asHere('… 30 pollers', {}, bothPollers(fixed(30))),
  asHere('… no workflow in cache', {}, { maxCachedWorkflows: 0 }),
  asHere('… 20 workflows in cache', {}, { maxCachedWorkflows: 20 }),
];

const onPostgres = (binaries: ClusterBinaries, shards: number): Variant => ({
  name: `server on PostgreSQL, ${shards} history ${shards === 1 ? 'shard' : 'shards'}, set as npm start`,
  start: (folder) => startCluster(folder, { binaries, shards, settings: temporalSettings }),
});

/** The rows of the table; those of the server on PostgreSQL only where its binaries could be had. */
export const variantsOf = (binaries: ClusterBinaries | null): readonly Variant[] => [
  ...devServers,
  ...(binaries ? [1, 4, 16].map((shards) => onPostgres(binaries, shards)) : []),
];
