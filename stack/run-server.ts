import type { Server } from 'node:net';
import { parseArgs } from 'node:util';

/** What every small server is told on its command line. */
export interface ServerArguments {
  readonly port: number;
  /** Where its ledger lies. */
  readonly folder: string;
  /** A second port, for the server that has one. */
  readonly httpPort: number;
}

export function serverArguments(args: readonly string[]): ServerArguments {
  const { values } = parseArgs({
    args: [...args],
    options: { port: { type: 'string' }, folder: { type: 'string' }, 'http-port': { type: 'string', default: '0' } },
  });
  if (!values.port || !values.folder) throw new Error('Say --port PORT and --folder FOLDER.');
  return { port: Number(values.port), folder: values.folder, httpPort: Number(values['http-port']) };
}

/** A whole number of the environment, or the fallback when it is not set. */
export function numberFrom(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const value = env[name] ? Number(env[name]) : fallback;
  if (!Number.isFinite(value) || value < 0) throw new Error(`${name} must be a number, 0 or more.`);
  return value;
}

/** Ends the process when it is asked to, after what was begun is answered. */
export function endOnSignal(servers: readonly Pick<Server, 'close'>[], close: () => Promise<void>): void {
  const end = () => {
    const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const server of servers) if ('closeIdleConnections' in server) closeIdle(server);
    void Promise.all(closed)
      .then(close)
      .then(() => process.exit(0));
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

function closeIdle(server: object): void {
  (server as { closeIdleConnections: () => void }).closeIdleConnections();
}
