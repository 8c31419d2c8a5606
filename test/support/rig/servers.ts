import { join } from 'node:path';
import { inject } from 'vitest';
import { launchNats, type NatsOptions } from '../../../stack/launch/nats.ts';
import { launchTemporal, type TemporalOptions } from '../../../stack/launch/temporal.ts';
import type { Mail } from '../../../stack/smtp-sink/mails.ts';
import type { SupplierEntry } from '../../../stack/supplier/supplier.ts';
import type { Ending } from './end-all.ts';
import {
  acceptedMails,
  carrierLedger,
  gatewayLedger,
  supplierOrders,
  type CarrierLedger,
  type GatewayLedger,
} from './ledgers.ts';
import { openPart, type RigPart } from './part.ts';
import {
  type KeyedOptions,
  launchCardGateway,
  launchCarrier,
  type SupplierOptions,
  launchSupplier,
  launchSmtpSink,
} from '../../../stack/launch/stand-ins.ts';

/** The parts a test file asks for. A database of its own it always gets. */
export interface RigParts {
  /** `true`: a namespace of its own on the shared server. `own`, or settings: a server of its own, that it may kill. */
  readonly temporal?: true | 'own' | Pick<TemporalOptions, 'settings'>;
  readonly nats?: true | Pick<NatsOptions, 'maxPayload' | 'users'>;
  readonly cardGateway?: true | Pick<KeyedOptions, 'slowMs' | 'keyTtlSeconds'>;
  /** `tells`: it tells its deliveries at the rig's own NATS. */
  readonly supplier?: true | (Pick<SupplierOptions, 'deliverySeconds' | 'mode'> & { readonly tells?: boolean });
  readonly carrier?: true | Pick<KeyedOptions, 'slowMs' | 'keyTtlSeconds'>;
  readonly smtpSink?: true;
  /** What the rig's processes find in their environment besides the addresses of its parts. */
  readonly env?: NodeJS.ProcessEnv;
}

/** The servers of one rig, each in a process of its own. */
export interface RigServers {
  /** With a server of its own. */
  readonly temporalServer?: RigPart | undefined;
  readonly nats?: RigPart | undefined;
  readonly cardGateway?: (RigPart & GatewayLedger) | undefined;
  readonly supplier?: (RigPart & { orders(): readonly SupplierEntry[] }) | undefined;
  readonly carrier?: (RigPart & CarrierLedger) | undefined;
  readonly smtpSink?: (RigPart & { mails(): Promise<readonly Mail[]> }) | undefined;
}

/** Starts what was asked for, side by side; each is ended by what `onClose` is given. Fails when one cannot start. */
export async function openServers(
  parts: RigParts,
  root: string,
  onClose: (end: Ending) => unknown,
  /** The folder of the built code. */
  build: string = inject('servers').build,
): Promise<RigServers> {
  const open = async (wanted: unknown, launch: Launch) => {
    if (!wanted) return undefined;
    const part = await openPart(launch);
    onClose(part.stop);
    return part;
  };
  const launch = launchers(parts, root, build);
  const tells = typeof parts.supplier === 'object' && parts.supplier.tells === true;
  const startingNats = open(parts.nats, launch.nats);
  const starts = await Promise.allSettled([
    open(parts.temporal !== true && parts.temporal, launch.temporal),
    startingNats,
    open(parts.cardGateway, launch.cardGateway),
    tells
      ? startingNats.then((at) => open(true, launch.supplierThatTells(at?.url ?? noNats)))
      : open(parts.supplier, launch.supplier),
    open(parts.carrier, launch.carrier),
    startingNats.then((part) => open(parts.smtpSink, launch.smtpSink(part?.url ?? noNats))),
  ]);
  const [temporalServer, nats, gateway, supplier, carrier, sink] = starts.map((start) => {
    if (start.status === 'rejected') throw start.reason;
    return start.value;
  });
  return {
    temporalServer,
    nats,
    cardGateway: gateway && { ...gateway, ...gatewayLedger(join(root, 'card-gateway')) },
    supplier: supplier && { ...supplier, orders: () => supplierOrders(join(root, 'supplier')) },
    carrier: carrier && { ...carrier, ...carrierLedger(join(root, 'carrier')) },
    smtpSink: sink && { ...sink, mails: () => acceptedMails(join(root, 'smtp-sink')) },
  };
}

/** Nobody listens there. */
const noNats = 'nats://127.0.0.1:1';

type Launch = Parameters<typeof openPart>[0];

type Launchers = Readonly<Record<'temporal' | 'nats' | 'cardGateway' | 'supplier' | 'carrier', Launch>> & {
  readonly supplierThatTells: (natsUrl: string) => Launch;
  /** Where it tells of bounces. */
  readonly smtpSink: (natsUrl: string) => Launch;
};

const launchers = (parts: RigParts, root: string, build: string): Launchers => {
  const supplierAt =
    (natsUrl: string): Launch =>
    (ports) =>
      launchSupplier({
        ...standIn(root, build, 'supplier'),
        ...settingsOf(parts.supplier),
        env: { ...process.env, NATS_URL: natsUrl },
        ...given('port', ports?.['http']),
      });
  return {
    temporal: (ports) =>
      launchTemporal({
        folder: join(root, 'temporal'),
        headless: true,
        ...(typeof parts.temporal === 'object' ? parts.temporal : {}),
        ...given('port', ports?.['grpc']),
      }),
    nats: (ports) =>
      launchNats({
        folder: join(root, 'nats'),
        ...settingsOf(parts.nats),
        ...given('port', ports?.['client']),
        ...given('monitorPort', ports?.['monitor']),
      }),
    cardGateway: (ports) =>
      launchCardGateway({
        ...standIn(root, build, 'card-gateway'),
        ...settingsOf(parts.cardGateway),
        ...given('port', ports?.['http']),
      }),
    supplier: supplierAt(noNats),
    supplierThatTells: supplierAt,
    carrier: (ports) =>
      launchCarrier({
        ...standIn(root, build, 'carrier'),
        ...settingsOf(parts.carrier),
        ...given('port', ports?.['http']),
      }),
    smtpSink: (natsUrl) => (ports) =>
      launchSmtpSink({
        ...standIn(root, build, 'smtp-sink'),
        env: { ...process.env, NATS_URL: natsUrl },
        ...given('port', ports?.['smtp']),
        ...given('httpPort', ports?.['http']),
      }),
  };
};

/** A folder of its own, and the built code. */
const standIn = (root: string, build: string, name: string) => ({
  folder: join(root, name),
  builtIn: join(build, 'stack'),
});

const settingsOf = <Options extends object>(wanted: true | Options | undefined): Partial<Options> =>
  wanted === true || wanted === undefined ? {} : wanted;

/** The option, unless it has no value yet. */
const given = <Name extends string>(name: Name, value: number | undefined): { [Key in Name]?: number } =>
  value === undefined ? {} : ({ [name]: value } as { [Key in Name]?: number });
