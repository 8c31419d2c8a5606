import { join } from 'node:path';
import { byNode, launchProcess, type Launched } from './process.ts';
import { answersHttp, freePort } from './ports.ts';
import type { SupplierMode } from '../supplier/deliveries.ts';

export interface StandInOptions {
  /** Holds the journal and the log. */
  readonly folder: string;
  readonly port?: number;
  /** Its environment; that of this process by default. */
  readonly env?: NodeJS.ProcessEnv;
  /** A folder in which this one is transpiled already; without it the sources run, by the TypeScript loader. */
  readonly builtIn?: string | undefined;
}

/** Runs a stand-in until its health answers. A variable that is undefined is that of this process. */
function launchStandIn(
  name: string,
  { folder, builtIn, env: base = process.env }: StandInOptions,
  httpPort: number,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
  const own = ['--folder', folder, ...args];
  const run = byNode(`stack/${name}/main.ts`, ...own);
  return launchProcess({
    name,
    ...run,
    args: builtIn ? [join(builtIn, name, 'main.js'), ...own] : run.args,
    env: { ...base, ...given },
    logFile: join(folder, `${name}.log`),
    isReady: () => answersHttp(`http://127.0.0.1:${httpPort}/health`),
  });
}

/** Runs a stand-in that speaks HTTP only. Port: `http`. */
async function launchHttp(name: string, options: StandInOptions, env: NodeJS.ProcessEnv): Promise<Launched> {
  const http = options.port ?? (await freePort());
  const running = await launchStandIn(name, options, http, ['--port', String(http)], env);
  return { name, ports: { http }, url: `http://127.0.0.1:${http}`, ...running };
}

/** A partner that remembers idempotency keys. */
export interface KeyedOptions extends StandInOptions {
  /** The time before a slow card is charged, or a slow street is booked for; in milliseconds, 3000 by default. */
  readonly slowMs?: number;
  /** The time that idempotency keys are remembered; a day by default. */
  readonly keyTtlSeconds?: number;
}

const launchKeyed =
  (name: string, prefix: string) =>
  (options: KeyedOptions): Promise<Launched> =>
    launchHttp(name, options, {
      [`${prefix}_SLOW_MS`]: options.slowMs?.toString(),
      [`${prefix}_KEY_TTL_SECONDS`]: options.keyTtlSeconds?.toString(),
    });

/** The card gateway. Its journal survives any crash. */
export const launchCardGateway = launchKeyed('card-gateway', 'CARD_GATEWAY');

/** The carrier. Its journal survives any crash. */
export const launchCarrier = launchKeyed('carrier', 'CARRIER');

export interface SupplierOptions extends StandInOptions {
  /** From a purchase order to its delivery; 5 by default. */
  readonly deliverySeconds?: number;
  readonly mode?: SupplierMode;
}

/**
 * The supplier. Its journal survives any crash, and deliveries arrive at the instants it names. It tells them at the
 * NATS server of its environment.
 */
export const launchSupplier = (options: SupplierOptions): Promise<Launched> =>
  launchHttp('supplier', options, {
    SUPPLIER_DELIVERY_SECONDS: options.deliverySeconds?.toString(),
    SUPPLIER_MODE: options.mode,
  });

/**
 * A mail server that delivers nothing and keeps everything; of mails to some domains it says later that they came back
 * (`smtp-sink/bounces.ts`), at the NATS server of its environment. Ports: `smtp`, and `http`, at which the mails can be
 * read.
 */
export async function launchSmtpSink(options: StandInOptions & { readonly httpPort?: number }): Promise<Launched> {
  const smtp = options.port ?? (await freePort());
  const http = options.httpPort ?? (await freePort());
  const args = ['--port', String(smtp), '--http-port', String(http)];
  const running = await launchStandIn('smtp-sink', options, http, args, {});
  return { name: 'smtp-sink', ports: { smtp, http }, url: `smtp://127.0.0.1:${smtp}`, ...running };
}
