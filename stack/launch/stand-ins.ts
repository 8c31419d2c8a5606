import { join } from 'node:path';
import { byNode, launchProcess, type Launched } from './process.ts';
import { answersHttp, freePort } from './ports.ts';
import type { SupplierMode } from '../supplier/deliveries.ts';

export interface StandInOptions {
  /** Holds the journal and the log. */
  readonly folder: string;
  readonly port?: number;
  /** A folder in which this one is transpiled already; without it the sources run, by the TypeScript loader. */
  readonly builtIn?: string | undefined;
}

/** Runs a stand-in until its health answers. A variable that is undefined is that of this process. */
function launchStandIn(
  name: string,
  { folder, builtIn }: StandInOptions,
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
    env: { ...process.env, ...given },
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

export interface CardGatewayOptions extends StandInOptions {
  /** The time that `card_slow` takes before it charges, in milliseconds; 3000 by default. */
  readonly slowMs?: number;
  /** The time that idempotency keys are remembered; a day by default. */
  readonly keyTtlSeconds?: number;
}

/** The card gateway. Its journal survives any crash. */
export const launchCardGateway = (options: CardGatewayOptions): Promise<Launched> =>
  launchHttp('card-gateway', options, {
    CARD_GATEWAY_SLOW_MS: options.slowMs?.toString(),
    CARD_GATEWAY_KEY_TTL_SECONDS: options.keyTtlSeconds?.toString(),
  });

export interface CarrierOptions extends StandInOptions {
  /** The time that `1 Slow Street` takes before it is booked, in milliseconds; 3000 by default. */
  readonly slowMs?: number;
  /** The time that idempotency keys are remembered; a day by default. */
  readonly keyTtlSeconds?: number;
}

/** The carrier. Its journal survives any crash. */
export const launchCarrier = (options: CarrierOptions): Promise<Launched> =>
  launchHttp('carrier', options, {
    CARRIER_SLOW_MS: options.slowMs?.toString(),
    CARRIER_KEY_TTL_SECONDS: options.keyTtlSeconds?.toString(),
  });

export interface SupplierOptions extends StandInOptions {
  /** From a purchase order to its delivery; 5 by default. */
  readonly deliverySeconds?: number;
  readonly mode?: SupplierMode;
}

/** The supplier. Its journal survives any crash, and deliveries arrive at the instants it names. */
export const launchSupplier = (options: SupplierOptions): Promise<Launched> =>
  launchHttp('supplier', options, {
    SUPPLIER_DELIVERY_SECONDS: options.deliverySeconds?.toString(),
    SUPPLIER_MODE: options.mode,
  });

/**
 * A mail server that delivers nothing and keeps everything. Ports: `smtp`, and `http`, at which the mails can be read.
 */
export async function launchSmtpSink(options: StandInOptions & { readonly httpPort?: number }): Promise<Launched> {
  const smtp = options.port ?? (await freePort());
  const http = options.httpPort ?? (await freePort());
  const args = ['--port', String(smtp), '--http-port', String(http)];
  const running = await launchStandIn('smtp-sink', options, http, args, {});
  return { name: 'smtp-sink', ports: { smtp, http }, url: `smtp://127.0.0.1:${smtp}`, ...running };
}
