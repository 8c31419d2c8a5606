import { join } from 'node:path';
import { checkout } from '../binaries.mjs';
import { launchProcess, type RunningProcess, type Launched } from './process.ts';
import { answersHttp, freePort } from './ports.ts';
import type { SupplierMode } from '../supplier/deliveries.ts';

export interface StandInOptions {
  /** Holds the journal and the log. */
  readonly folder: string;
  readonly port?: number;
  /** A folder in which this one is transpiled already; without it the sources run, by the TypeScript loader. */
  readonly builtIn?: string | undefined;
}

/** One of this project's own small servers. */
interface NodeServer extends Pick<StandInOptions, 'folder' | 'builtIn'> {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly healthUrl: string;
}

/** Runs it in a process of its own until its health answers. */
const launchNodeServer = ({ name, folder, builtIn, args, env, healthUrl }: NodeServer): Promise<RunningProcess> => {
  const entry = builtIn
    ? [join(builtIn, name, 'main.js')]
    : ['--import', 'tsx', join(checkout, 'stack', name, 'main.ts')];
  return launchProcess({
    name,
    command: process.execPath,
    args: [...entry, '--folder', folder, ...args],
    cwd: checkout,
    env: { ...process.env, ...env },
    logFile: join(folder, `${name}.log`),
    isReady: () => answersHttp(healthUrl),
  });
};

export interface CardGatewayOptions extends StandInOptions {
  /** The time that `card_slow` takes before it charges, in milliseconds; 3000 by default. */
  readonly slowMs?: number;
  /** The time that idempotency keys are remembered; a day by default. */
  readonly keyTtlSeconds?: number;
}

/** The card gateway. Its journal survives any crash. Port: `http`. */
export async function launchCardGateway(options: CardGatewayOptions): Promise<Launched> {
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const running = await launchNodeServer({
    name: 'card-gateway',
    folder: options.folder,
    builtIn: options.builtIn,
    args: ['--port', String(port)],
    env: {
      ...(options.slowMs !== undefined && { CARD_GATEWAY_SLOW_MS: String(options.slowMs) }),
      ...(options.keyTtlSeconds !== undefined && { CARD_GATEWAY_KEY_TTL_SECONDS: String(options.keyTtlSeconds) }),
    },
    healthUrl: `${url}/health`,
  });
  return { name: 'card-gateway', ports: { http: port }, url, ...running };
}

export interface SupplierOptions extends StandInOptions {
  /** From a purchase order to its delivery; 5 by default. */
  readonly deliverySeconds?: number;
  readonly mode?: SupplierMode;
}

/** The supplier. Its journal survives any crash, and deliveries arrive at the instants it names. Port: `http`. */
export async function launchSupplier(options: SupplierOptions): Promise<Launched> {
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const running = await launchNodeServer({
    name: 'supplier',
    folder: options.folder,
    builtIn: options.builtIn,
    args: ['--port', String(port)],
    env: {
      ...(options.deliverySeconds !== undefined && { SUPPLIER_DELIVERY_SECONDS: String(options.deliverySeconds) }),
      ...(options.mode && { SUPPLIER_MODE: options.mode }),
    },
    healthUrl: `${url}/health`,
  });
  return { name: 'supplier', ports: { http: port }, url, ...running };
}

export interface SmtpSinkOptions extends StandInOptions {
  /** The port at which the mails can be read. */
  readonly httpPort?: number;
}

/** A mail server that delivers nothing and keeps everything. Ports: `smtp` and `http`. */
export async function launchSmtpSink(options: SmtpSinkOptions): Promise<Launched> {
  const port = options.port ?? (await freePort());
  const httpPort = options.httpPort ?? (await freePort());
  const running = await launchNodeServer({
    name: 'smtp-sink',
    folder: options.folder,
    builtIn: options.builtIn,
    args: ['--port', String(port), '--http-port', String(httpPort)],
    healthUrl: `http://127.0.0.1:${httpPort}/health`,
  });
  const url = `smtp://127.0.0.1:${port}`;
  return { name: 'smtp-sink', ports: { smtp: port, http: httpPort }, url, ...running };
}
