import { join } from 'node:path';
import { type ProvidedAddress, type StackPorts, stackAddresses } from '../../config/config.ts';
import { launchNats } from '../launch/nats.ts';
import { launchPostgres } from '../launch/postgres.ts';
import { launchTemporal } from '../launch/temporal.ts';
import { launchCardGateway, launchSupplier, launchSmtpSink } from '../launch/stand-ins.ts';
import type { ProcessPlan } from './supervise.ts';
import { isFree, acceptsConnections } from '../launch/ports.ts';

/** A server the system needs, unless the environment provides its address. */
export interface ServerSpec extends ProcessPlan {
  readonly providedBy: ProvidedAddress;
  readonly port: number;
  /** Every port it listens on, with the variable that moves it. */
  readonly listens: readonly { readonly port: number; readonly variable: string }[];
}

/** The servers, each with its state in a folder of its own. */
export const serversOf = (folder: string, ports: StackPorts): readonly ServerSpec[] => [
  ...foundations(folder, ports),
  ...outsiders(folder, ports),
];

const foundations = (folder: string, ports: StackPorts): readonly ServerSpec[] => [
  {
    name: 'postgres',
    providedBy: 'DATABASE_URL',
    port: ports.postgres,
    listens: [{ port: ports.postgres, variable: 'STACK_POSTGRES_PORT' }],
    launch: () => launchPostgres({ folder: join(folder, 'postgres'), port: ports.postgres }),
  },
  {
    name: 'temporal',
    providedBy: 'TEMPORAL_ADDRESS',
    port: ports.temporal,
    listens: [
      { port: ports.temporal, variable: 'STACK_TEMPORAL_PORT' },
      { port: ports.temporalUi, variable: 'STACK_TEMPORAL_UI_PORT' },
    ],
    launch: () => launchTemporal({ folder: join(folder, 'temporal'), port: ports.temporal, uiPort: ports.temporalUi }),
  },
  {
    name: 'nats',
    providedBy: 'NATS_URL',
    port: ports.nats,
    listens: [
      { port: ports.nats, variable: 'STACK_NATS_PORT' },
      { port: ports.natsMonitor, variable: 'STACK_NATS_MONITOR_PORT' },
    ],
    launch: () => launchNats({ folder: join(folder, 'nats'), port: ports.nats, monitorPort: ports.natsMonitor }),
  },
];

/** The stand-ins for the companies that the shop works with. */
const outsiders = (folder: string, ports: StackPorts): readonly ServerSpec[] => [
  {
    name: 'card-gateway',
    providedBy: 'CARD_GATEWAY_URL',
    port: ports.cardGateway,
    listens: [{ port: ports.cardGateway, variable: 'STACK_CARD_GATEWAY_PORT' }],
    launch: () => launchCardGateway({ folder: join(folder, 'card-gateway'), port: ports.cardGateway }),
  },
  {
    name: 'supplier',
    providedBy: 'SUPPLIER_URL',
    port: ports.supplier,
    listens: [{ port: ports.supplier, variable: 'STACK_SUPPLIER_PORT' }],
    launch: () => launchSupplier({ folder: join(folder, 'supplier'), port: ports.supplier }),
  },
  {
    name: 'smtp-sink',
    providedBy: 'SMTP_URL',
    port: ports.smtp,
    listens: [
      { port: ports.smtp, variable: 'STACK_SMTP_PORT' },
      { port: ports.mails, variable: 'STACK_MAILS_PORT' },
    ],
    launch: () => launchSmtpSink({ folder: join(folder, 'smtp-sink'), port: ports.smtp, httpPort: ports.mails }),
  },
];

/** A server with the ports it listens on; `providedBy` is missing when no address can provide it. */
type Listening = Pick<ServerSpec, 'name' | 'listens'> & Partial<Pick<ServerSpec, 'providedBy'>>;

/** Fails before anything is started when a port is in use, with a sentence for each that says what to set. */
export async function requireFreePorts(servers: readonly Listening[]): Promise<void> {
  const checks = servers.flatMap(({ name, providedBy, listens }) =>
    listens.map(async ({ port, variable }) =>
      (await isFree(port)) && !(await acceptsConnections(port))
        ? []
        : [`Port ${port} for ${name} is in use: set ${variable} to a free one${orUse(providedBy)}.`],
    ),
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
