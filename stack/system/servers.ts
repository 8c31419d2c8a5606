import { join } from 'node:path';
import {
  type ProvidedAddress,
  type StackPort,
  type StackPorts,
  stackAddresses,
  stackPorts,
} from '../../config/config.ts';
import { launchNats } from '../launch/nats.ts';
import { launchPostgres } from '../launch/postgres.ts';
import { launchTemporal } from '../launch/temporal.ts';
import { launchCardGateway, launchCarrier, launchSupplier, launchSmtpSink } from '../launch/stand-ins.ts';
import type { Launched } from '../launch/process.ts';
import type { HandOut } from './hand-out.ts';
import type { ProcessPlan } from './supervise.ts';
import { isFree, acceptsConnections } from '../launch/ports.ts';

/** A process that listens on ports; `providedBy` is missing when no address can provide it. */
interface Listening {
  readonly name: string;
  readonly providedBy?: ProvidedAddress;
  readonly listens: readonly StackPort[];
}

/** A server the system needs, unless the environment provides its address. */
export interface ServerSpec extends ProcessPlan, Listening {
  readonly providedBy: ProvidedAddress;
}

/**
 * The servers, each with its state in a folder of its own: the foundations, and stand-ins for other companies.
 * SMTP sink and supplier get their logins at NATS, where they tell of bounces and deliveries.
 */
export function serversOf(
  root: string,
  ports: StackPorts,
  { natsLogins, environmentOf }: Pick<HandOut, 'natsLogins' | 'environmentOf'>,
): readonly ServerSpec[] {
  const server = (
    name: string,
    providedBy: ProvidedAddress,
    listens: readonly [StackPort, StackPort?],
    launch: (own: { readonly folder: string; readonly port: number }) => Promise<Launched>,
  ): ServerSpec => {
    const own = { folder: join(root, name), port: ports[listens[0]] };
    return {
      name,
      providedBy,
      port: own.port,
      listens: listens.filter((one) => one !== undefined),
      launch: () => launch(own),
    };
  };
  return [
    server('postgres', 'DATABASE_URL', ['postgres'], launchPostgres),
    server('temporal', 'TEMPORAL_ADDRESS', ['temporal', 'temporalUi'], (own) =>
      launchTemporal({ ...own, uiPort: ports.temporalUi }),
    ),
    server('nats', 'NATS_URL', ['nats', 'natsMonitor'], (own) =>
      launchNats({ ...own, monitorPort: ports.natsMonitor, users: natsLogins }),
    ),
    server('card-gateway', 'CARD_GATEWAY_URL', ['cardGateway'], launchCardGateway),
    server('supplier', 'SUPPLIER_URL', ['supplier'], (own) =>
      launchSupplier({ ...own, env: environmentOf('supplier') }),
    ),
    server('carrier', 'CARRIER_URL', ['carrier'], launchCarrier),
    server('smtp-sink', 'SMTP_URL', ['smtp', 'mails'], (own) =>
      launchSmtpSink({ ...own, httpPort: ports.mails, env: environmentOf('smtp-sink') }),
    ),
  ];
}

/** Fails before anything is started when a port is in use, with a sentence for each that says what to set. */
export async function requireFreePorts(ports: StackPorts, servers: readonly Listening[]): Promise<void> {
  const checks = servers.flatMap(({ name, providedBy, listens }) =>
    listens.map(async (one) => {
      const port = ports[one];
      if ((await isFree(port)) && !(await acceptsConnections(port))) return [];
      const { variable } = stackPorts[one];
      return [`Port ${port} for ${name} is in use: set ${variable} to a free one${orUse(providedBy)}.`];
    }),
  );
  const taken = (await Promise.all(checks)).flat();
  if (taken.length > 0) throw new Error(taken.join('\n'));
}

const orUse = (providedBy: string | undefined): string => (providedBy ? `, or ${providedBy} to use what is there` : '');

/** All addresses, as the environment variables that hold them. */
export type Addresses = ReturnType<typeof stackAddresses>;

type Environment = Readonly<Record<string, string | undefined>>;

/** The addresses that the environment provides, and for the rest those of the stack's own servers. */
export function addressesOf(ports: StackPorts, environment: Environment): Addresses {
  const own = Object.entries(stackAddresses(ports));
  return Object.fromEntries(own.map(([name, address]) => [name, environment[name] || address])) as Addresses;
}
