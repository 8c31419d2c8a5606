import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { searchAttributes } from '../../contracts/search-attributes.ts';
import { requireBinary } from '../binaries.mjs';
import { freePort, acceptsConnections } from './ports.ts';
import { launchProcess, type Launched } from './process.ts';

export interface TemporalOptions {
  /** Holds the database file and the log. */
  readonly folder: string;
  readonly port?: number;
  /** Port of the Web UI. */
  readonly uiPort?: number;
  /** Without the Web UI. */
  readonly headless?: boolean;
  /** Namespaces besides `default`, each with the search attributes of this project. */
  readonly namespaces?: readonly string[];
  /** Dynamic configuration besides this project's own, as `history.maxTotalUpdates=20`. */
  readonly settings?: readonly string[];
}

/** A Temporal development server whose state survives it. Ports: `grpc`, and `ui` unless headless. */
export async function launchTemporal(options: TemporalOptions): Promise<Launched> {
  const grpc = options.port ?? (await freePort());
  const ui = options.headless ? undefined : (options.uiPort ?? (await freePort()));
  mkdirSync(options.folder, { recursive: true });
  const command = requireBinary('temporal');
  const last = options.namespaces?.at(-1) ?? 'default';
  const running = await launchProcess({
    name: 'temporal',
    command,
    args: [...serverArguments(options), ...portArguments(grpc, ui)],
    // Much less garbage collection for a little more memory: about a fifth less CPU.
    env: { ...process.env, GOGC: process.env['GOGC'] ?? '800' },
    logFile: join(options.folder, 'temporal.log'),
    isReady: async () => (await acceptsConnections(grpc)) && (await knowsNamespace(command, grpc, last)),
    readyWithin: 60_000,
  });
  const ports: Record<string, number> = ui === undefined ? { grpc } : { grpc, ui };
  return { name: 'temporal', ports, url: `127.0.0.1:${grpc}`, ...running };
}

const serverArguments = ({ folder, namespaces = [], settings = [] }: TemporalOptions): string[] => {
  const options = [
    ['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'warn'],
    ['--db-filename', join(folder, 'temporal.db')],
    ['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=full'],
    ...[...temporalSettings, ...settings].map((setting) => ['--dynamic-config-value', setting]),
    ...Object.entries(searchAttributes).map(([name, type]) => ['--search-attribute', `${name}=${type}`]),
    ...namespaces.map((namespace) => ['--namespace', namespace]),
  ];
  return options.flat();
};

/** The server polls its transfer queue 20 times a second by default: up to 50 ms for each hop of an order. */
export const temporalSettings = [
  'history.transferProcessorMaxPollRPS=500',
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  'frontend.enableCancelWorkerPollsOnShutdown=true',
];

const portArguments = (grpc: number, ui: number | undefined): string[] => {
  const webUi = ui === undefined ? ['--headless'] : ['--ui-port', String(ui)];
  return ['--port', String(grpc), ...webUi];
};

const knowsNamespace = (command: string, port: number, namespace: string): Promise<boolean> =>
  new Promise((resolve) => {
    const args = ['operator', 'namespace', 'describe', '--address', `127.0.0.1:${port}`, '--namespace', namespace];
    execFile(command, args, { timeout: 10_000 }, (error) => resolve(error === null));
  });
