import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { requireBinary } from '../binaries.mjs';
import { freePort, answersHttp } from './ports.ts';
import { writePrivately } from './private-file.ts';
import { launchProcess, type Launched } from './process.ts';

export interface NatsOptions {
  /** Holds configuration, log and streams. */
  readonly folder: string;
  readonly port?: number;
  readonly monitorPort?: number;
  /** Bytes; 1 MB by default. */
  readonly maxPayload?: number;
  /** The users, each as JSON, with passwords and permissions; without them everybody may do everything. */
  readonly users?: readonly string[];
}

/** A NATS server with JetStream: what it acknowledges is on disk. Ports: `client` and `monitor`. */
export async function launchNats(options: NatsOptions): Promise<Launched> {
  const port = options.port ?? (await freePort());
  const monitor = options.monitorPort ?? (await freePort());
  mkdirSync(options.folder, { recursive: true });
  const configuration = join(options.folder, 'nats.conf');
  writePrivately(configuration, configurationOf(options, port, monitor));
  const running = await launchProcess({
    name: 'nats',
    command: requireBinary('nats-server'),
    args: ['--config', configuration],
    logFile: join(options.folder, 'nats.log'),
    isReady: () => answersHttp(`http://127.0.0.1:${monitor}/healthz`),
  });
  return { name: 'nats', ports: { client: port, monitor }, url: `nats://127.0.0.1:${port}`, ...running };
}

const authorizationOf = (users: readonly string[]): string =>
  users.length > 0 ? `authorization {\n  users: [\n${users.map((user) => `    ${user}\n`).join('')}  ]\n}\n` : '';

const configurationOf = (
  { folder, maxPayload = 1_048_576, users = [] }: NatsOptions,
  port: number,
  monitor: number,
): string =>
  `server_name: order-mediator
listen: "127.0.0.1:${port}"
http: "127.0.0.1:${monitor}"
max_payload: ${maxPayload}
jetstream {
  store_dir: ${JSON.stringify(join(folder, 'jetstream'))}
  sync_interval: always
}
${authorizationOf(users)}`;
